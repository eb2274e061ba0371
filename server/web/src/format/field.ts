// Names of fields as people read them.

/** A field's name in words: total_spent is Total spent. */
export function readable(name: string): string {
  const words = name.replace(/[_.]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
