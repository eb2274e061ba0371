import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';

import { FormDialog } from './form-dialog';
import { Secret } from './secret';

const show = (isGrave: boolean) => {
  const onClose = vi.fn();
  render(
    <MantineProvider>
      <FormDialog title="New key" submit="Make" onClose={onClose} onSubmit={() => {}} isPending={false} isGrave={isGrave}>
        <input aria-label="Name" />
      </FormDialog>
    </MantineProvider>,
  );
  return onClose;
};

const escape = () => fireEvent.keyDown(document.body, { key: 'Escape' });

it('a form in which nothing was typed is closed by Escape', () => {
  const onClose = show(false);
  escape();
  expect(onClose).toHaveBeenCalledTimes(1);
});

it('what was typed is thrown away by the second Escape only, and the first one says so', async () => {
  const onClose = show(false);
  await userEvent.type(screen.getByLabelText('Name'), 'dashboard');
  escape();
  expect(onClose).not.toHaveBeenCalled();
  expect(screen.getByText(/What you have typed is not saved/)).toBeVisible();
  expect(screen.getByLabelText('Name')).toHaveValue('dashboard');
  escape();
  expect(onClose).toHaveBeenCalledTimes(1);
});

it('whoever goes on typing is asked again', async () => {
  const onClose = show(false);
  await userEvent.type(screen.getByLabelText('Name'), 'a');
  escape();
  await userEvent.type(screen.getByLabelText('Name'), 'b');
  expect(screen.queryByText(/What you have typed is not saved/)).toBeNull();
  escape();
  expect(onClose).not.toHaveBeenCalled();
});

it('Cancel means it, and so does Escape where a word is typed to confirm', async () => {
  const onClose = show(true);
  await userEvent.type(screen.getByLabelText('Name'), 'north');
  escape();
  expect(onClose).toHaveBeenCalledTimes(1);
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(onClose).toHaveBeenCalledTimes(2);
});

it('a secret that is shown once is not taken away by Escape', () => {
  const onClose = vi.fn();
  render(
    <MantineProvider>
      <Secret title="The new key" about="Keep it" label="Key" secret="mk_1" onClose={onClose} />
    </MantineProvider>,
  );
  escape();
  expect(onClose).not.toHaveBeenCalled();
  expect(screen.getByLabelText('Key')).toHaveValue('mk_1');
});
