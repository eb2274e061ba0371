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

const enter = async (typed: string) => {
  render(
    <MantineProvider>
      <QueryClientProvider client={queries()}>
        <SignIn />
      </QueryClientProvider>
    </MantineProvider>,
  );
  await userEvent.click(screen.getByText('Use a key instead'));
  await userEvent.type(screen.getByLabelText('Key'), `${typed}{Enter}`);
};

it('a key that the server takes is kept', async () => {
  const asked = answers(200, { tenant: 'acme', role: 'viewer', key: 'abc', rights: ['count'] });
  await enter(' mk_abc_x ');
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  expect((asked.mock.calls[0]?.[0] as Request).headers.get('authorization')).toBe('Bearer mk_abc_x');
  expect(key()).toBe('mk_abc_x');
});

it('a key that it does not take is forgotten, and the server says why', async () => {
  answers(401, { type: 'about:blank', title: 'Unauthorized', status: 401, detail: 'there is no such key, or it was revoked', errors: [] });
  await enter('mk_wrong');
  await screen.findByText('there is no such key, or it was revoked');
  expect(key()).toBeNull();
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
