import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';

import { key, keep, whenRefused } from '../../api/key';
import { me } from '../../api/me';
import { health } from '../../api/overview';
import { queries } from '../../api/queries';
import { SignIn } from './sign-in';

afterEach(() => keep(null));

const answers = (status: number, body: unknown) => {
  const answer = () => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }));
  return vi.spyOn(globalThis, 'fetch').mockImplementation(answer);
};

const show = () =>
  render(
    <MantineProvider>
      <QueryClientProvider client={queries()}>
        <SignIn />
      </QueryClientProvider>
    </MantineProvider>,
  );

const enter = async (typed: string) => {
  show();
  await userEvent.click(screen.getByText('Use a key instead'));
  await userEvent.type(screen.getByLabelText('Key'), `${typed}{Enter}`);
};

it('a key that the server takes is kept', async () => {
  const asked = answers(200, { tenant: 'acme', role: 'viewer', key: 'abc', rights: ['count'] });
  await enter(' mk_abc_x ');
  // The first question is how one can sign in.
  await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
  expect((asked.mock.calls[1]?.[0] as Request).headers.get('authorization')).toBe('Bearer mk_abc_x');
  expect(key()).toBe('mk_abc_x');
});

it('a key that it does not take is forgotten, and the server says why', async () => {
  answers(401, { type: 'about:blank', title: 'Unauthorized', status: 401, detail: 'there is no such key, or it was revoked', errors: [] });
  await enter('mk_wrong');
  await screen.findByText('there is no such key, or it was revoked');
  expect(key()).toBeNull();
});

it('leads to the issuer that the server relies on, and says why it led to nothing', async () => {
  answers(200, { openid: { label: 'Sign in with Acme' } });
  history.replaceState(null, '', '/app/segments?sort=name');
  show();
  const button = await screen.findByRole('link', { name: 'Sign in with Acme' });
  expect(button.getAttribute('href')).toBe('/api/session/openid?return_to=%2Fapp%2Fsegments%3Fsort%3Dname');
  await userEvent.click(screen.getByText('Another tenant'));
  await userEvent.type(screen.getByLabelText('Tenant'), 'acme ');
  expect(button.getAttribute('href')).toMatch(/&tenant=acme$/);
  expect(screen.queryByRole('alert')).toBeNull();
});

it.each([
  ['unknown_person', 'Nobody has invited you here. Ask an admin to.'],
  ['wrong_nonce', /^Signing in there did not work/],
])('tells people what %s means', async (code, text) => {
  answers(200, { openid: null });
  history.replaceState(null, '', `/?refused=${code}`);
  show();
  expect((await screen.findByRole('alert')).textContent).toMatch(text);
  expect(screen.queryByRole('link')).toBeNull();
  history.replaceState(null, '', '/');
});

it('whoever is nobody is not asked again and again who they are', async () => {
  const told = vi.fn();
  const end = whenRefused(told);
  answers(401, { type: 'about:blank', title: 'Unauthorized', status: 401, detail: 'send a key', errors: [] });
  expect(await queries().fetchQuery(me)).toBeNull();
  expect(told).not.toHaveBeenCalled();
  await expect(queries().fetchQuery(health)).rejects.toThrow();
  expect(told).toHaveBeenCalledTimes(1);
  end();
});
