import type { Right } from '../../api/me';

export const signIn = {
  title: 'Sign in',
  about: 'This server asks for a key. Whoever runs it makes one for you: muster key create, or Settings → Keys.',
  key: 'Key',
  keyHint: 'mk_…',
  remember: 'Remember on this computer',
  rememberAbout: 'Otherwise closing this tab signs you out.',
  enter: 'Sign in',
  empty: 'Paste the key first.',
  out: 'Sign out',
  as: (role: string, tenant: string) => `${role} of ${tenant}`,
  account: 'Who you are signed in as',
  roles: {
    viewer: 'Viewer',
    analyst: 'Analyst',
    marketer: 'Marketer',
    admin: 'Admin',
    operator: 'Operator',
  } as Record<string, string>,
  roleAbout: {
    viewer: 'Counts and definitions, never who',
    analyst: 'And single people, without what is personal',
    marketer: 'And what is personal; changes segments, audiences and lists',
    admin: 'Everything of one tenant',
    operator: 'Tenants, keys and backups; sees nobody’s people',
  } as Record<string, string>,
  rights: {
    count: 'to count',
    read_people: 'to read single people',
    see_personal: 'to see personal fields',
    write: 'to change segments, audiences and lists',
    administer: 'to change people, fields and settings',
    oversee: 'to manage keys and read the audit',
    operate: 'to operate the server',
  } as Record<Right, string>,
  notForYou: (right: string) => `Your key does not have the right ${right}. An admin can make one that does.`,
};
