import { MantineProvider, Select } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';

import { fieldChoices, fieldSelect } from './field-choice';

const show = () => {
  const onChange = vi.fn();
  render(
    <MantineProvider env="test">
      <Select label="Becomes" data={[{ value: 'out', label: 'Leave out' }, ...fieldChoices(['total_spent', 'city'])]} {...fieldSelect} searchable onChange={onChange} />
    </MantineProvider>,
  );
  return onChange;
};

it('fields are called as people know them, with the other name second; what is no field says what it is', async () => {
  show();
  await userEvent.click(screen.getByRole('combobox'));
  expect(screen.getAllByRole('option').map((one) => one.textContent)).toEqual(['Leave out', 'Total spenttotal_spent', 'City']);
});

it.each(['total s', 'total_s'])('%s finds a field by either name', async (typed) => {
  const onChange = show();
  await userEvent.type(screen.getByRole('combobox'), typed);
  await userEvent.click(screen.getByRole('option', { name: /Total spent/ }));
  expect(onChange.mock.calls[0]?.[0]).toBe('total_spent');
});
