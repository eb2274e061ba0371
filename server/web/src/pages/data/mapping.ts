// What the columns of a file become: the id, a field, or nothing.

/** By column; `null` leaves a column out. */
export type Mapping = Record<string, string | null>;

/** Every column becomes what it is called, or the field whose name differs from it only in how it is written. */
export function usualMapping(columns: string[], fields: string[]): Mapping {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const found = (column: string) => fields.find((field) => field === column) ?? fields.find((field) => plain(field) === plain(column)) ?? column;
  return Object.fromEntries(columns.map((column) => [column, found(column)]));
}

/** The field that two columns would become, if any. */
export function doubled(mapping: Mapping, idColumn: string | undefined): string | undefined {
  const seen = new Set<string>();
  for (const [column, field] of Object.entries(mapping)) {
    if (field === null || column === idColumn) continue;
    if (seen.has(field)) return field;
    seen.add(field);
  }
  return undefined;
}

/** What the columns are called when they are sent; the id's column keeps its name. */
export const namesOf = (columns: string[], mapping: Mapping, idColumn: string | undefined): (string | null)[] =>
  columns.map((column) => (column === idColumn ? column : (mapping[column] ?? null)));

/** Whether a file goes as it is. */
export const isAsItIs = (columns: string[], names: (string | null)[]): boolean => columns.every((column, i) => names[i] === column);
