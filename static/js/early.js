// Classic and first in the head: before anything is painted, say that scripts run and which theme was chosen.
{
  const root = document.documentElement;
  root.dataset.js = "";
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage may be forbidden: then the system's theme it is.
  }
}
