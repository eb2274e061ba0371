// People who may sign in, and what each may.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';

export type AccountOf = Schemas['UserAccountAnswer'];

/** The address under which an invitation is taken. What is behind the # stays in the browser and comes into no log. */
export const INVITATION_PATH = '/app/invitation';

export const invitationLink = (invitation: string): string =>
  `${globalThis.location.origin}${INVITATION_PATH}#${encodeURIComponent(invitation)}`;

const of = ({ name, tenant }: AccountOf) => ({ path: { name }, query: { tenant } });

export const accounts = queryOptions({
  queryKey: ['accounts'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/users', { signal }))).items,
});

/** Makes an account. The invitation is told once. */
export const makeAccount = (body: Schemas['UserAccountRequest']) => told(client.POST('/api/users', { body }));

export const changeAccount = (account: AccountOf, body: Schemas['UserAccountChange']) =>
  told(client.PATCH('/api/users/{name}', { params: of(account), body }));

export const deleteAccount = (account: AccountOf) => told(client.DELETE('/api/users/{name}', { params: of(account) }));

/** Another invitation, for somebody who has forgotten the password. */
export const inviteAgain = (account: AccountOf) => told(client.POST('/api/users/{name}/invitation', { params: of(account) }));

/** Signs somebody out everywhere. */
export const endSessions = (account: AccountOf) => told(client.DELETE('/api/users/{name}/sessions', { params: of(account) }));
