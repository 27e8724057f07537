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

// htmx has the browser make a node of every attribute of what it takes over; none of an article's thousands of marks is for it.
document.addEventListener("htmx:before:process", (event) => {
  let within = event.target === document.body ? document.querySelector("article.text") : null;
  if (within) event.preventDefault();
  for (; within?.parentElement && within !== document.body; within = within.parentElement)
    for (const beside of within.parentElement.children) if (beside !== within) window.htmx.process(beside);
});
