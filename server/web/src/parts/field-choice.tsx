// Fields to choose from: called as people know them, and found by the names of rules and files as well.
import type { ComboboxItem, ComboboxParsedItem, OptionsFilter } from '@mantine/core';

import { readable } from '../format/field';
import { Named } from './named';

export const fieldChoices = (names: readonly string[]): ComboboxItem[] => names.map((value) => ({ value, label: readable(value) }));

const filter: OptionsFilter = ({ options, search }) => {
  const sought = search.trim().toLowerCase();
  const fits = (option: ComboboxParsedItem) => !('value' in option) || `${option.label} ${readable(option.value)} ${option.value}`.toLowerCase().includes(sought);
  return options.filter(fits);
};

/** A choice that is no field says what it is itself. */
const renderOption = ({ option }: { option: ComboboxItem }) => (
  <span>{option.label === readable(option.value) ? <Named name={option.value} /> : option.label}</span>
);

/** What a `Select` or a `MultiSelect` of fields is given beside its choices. */
export const fieldSelect = { filter, renderOption };
