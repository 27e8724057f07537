// Classic and first in the head: before anything is painted, say that scripts run and which looks were chosen.
{
  const root = document.documentElement;
  root.dataset.js = "";
  try {
    for (const look of ["theme", "density"]) {
      const choice = localStorage.getItem(look) ?? "";
      if (["light", "dark", "compact"].includes(choice)) root.dataset[look] = choice;
    }
  } catch {
    // Storage may be forbidden: then the system's theme it is.
  }
}
