// What a person is called: whatever of their fields looks like a name, and their address beside it.

/** Fields that a name or an address is made of. */
export const NAME_FIELDS = ['name', 'full_name', 'first_name', 'last_name', 'email'];

/** The name of somebody, and what else tells them from others. */
export function personName(person: { id?: unknown; fields: unknown }): { id: string; name: string; about: string } {
  const fields = person.fields as Record<string, unknown>;
  const text = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : '');
  const whole = text('name') || text('full_name') || [text('first_name'), text('last_name')].filter(Boolean).join(' ');
  const id = String(person.id);
  return { id, name: whole || text('email') || id, about: whole ? text('email') : '' };
}
