// Ids as somebody types or pastes them: one a line, or parted by commas, semicolons or tabs.

/** Each id once, in the order in which they stand. */
export const idsOf = (text: string): string[] => [
  ...new Set(text.split(/[\n\r,;\t]/).map((part) => part.trim()).filter((part) => part !== '')),
];
