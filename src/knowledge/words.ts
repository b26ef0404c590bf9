/** The names in a text, which stand side by side: most tables are long. */
export function words(text: string): readonly string[] {
  return text.split(' ');
}
