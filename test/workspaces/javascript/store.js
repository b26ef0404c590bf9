export async function save(text) {
  return Promise.resolve(text.length);
}
