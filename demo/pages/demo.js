// Keeps a page up to date by asking once a second whether it changed, and sends ticks when a box is clicked.
// Without it everything still works by reloading and by the forms' own buttons.

const live = document.getElementById('live');
let etag = null;
let busy = 0;

async function refresh() {
  if (busy > 0 || document.hidden) return;
  const response = await fetch(location.pathname, {
    headers: { accept: 'text/html', ...(etag && { 'if-none-match': etag }) },
    cache: 'no-store',
  });
  if (response.status !== 200) return;
  etag = response.headers.get('etag');
  const text = await response.text();
  const next = new DOMParser().parseFromString(text, 'text/html').getElementById('live');
  if (busy === 0 && next && next.innerHTML !== shown) replace(next.innerHTML);
}

let shown = live.innerHTML;

function replace(content) {
  const open = new Set([...live.querySelectorAll('details[open]')].map(nameOf));
  const closed = new Set([...live.querySelectorAll('details:not([open])')].map(nameOf));
  const focused = document.activeElement?.id;
  shown = content;
  live.innerHTML = content;
  for (const details of live.querySelectorAll('details')) {
    if (open.has(nameOf(details))) details.open = true;
    else if (closed.has(nameOf(details))) details.open = false;
  }
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
}

/** The summary and the words before it: what a person would call this fold. */
function nameOf(details) {
  const before = details.parentElement?.querySelector('strong')?.textContent ?? '';
  return `${before}\n${details.querySelector('summary')?.textContent ?? ''}`;
}

async function tick(box) {
  const form = box.form;
  const fields = new URLSearchParams({ shown: box.value });
  if (box.checked) fields.set('ticked', box.value);
  busy += 1;
  box.disabled = true;
  try {
    const answer = await fetch(form.action, { method: 'POST', body: fields, redirect: 'manual' });
    if (answer.type !== 'opaqueredirect') location.reload();
  } finally {
    busy -= 1;
  }
  await refresh();
  if (box.isConnected) box.disabled = false;
}

live.addEventListener('change', (event) => {
  if (event.target.matches('input[type=checkbox][form=tasks]')) void tick(event.target);
});

document.addEventListener('submit', (event) => {
  for (const button of event.target.querySelectorAll('button')) button.classList.add('is-busy');
});

async function keepFresh() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await refresh().catch(() => document.body.classList.add('is-gone'));
  }
}

void keepFresh();
