async function send() {
  await fetch('/');
}

export function later() {
  send();
}
