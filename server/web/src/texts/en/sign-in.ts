import type { Right } from '../../api/me';

export const signIn = {
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
  notForYou: (right: string) => `You do not have the right ${right}. An admin can give it.`,
};
