// What a rule is about: a field, something people did, or another segment; found by its name, with what is known of it.
import { type ComboboxItem, type ComboboxParsedItem, type OptionsFilter, Select } from '@mantine/core';
import { useMemo } from 'react';

import { readable } from '../../../format/field';
import { count, share } from '../../../format/number';
import { builder as builderTexts } from '../../../texts/en/builder';
import classes from './builder.module.css';
import { type Catalog, kindOfType, plainType } from './catalog';
import { useBuilder } from './context';
import { type Leaf, firstTest, kindOf } from './leaf';

const GROUPS = ['number', 'moment', 'word', 'set', 'bool', 'id'] as const;

/** What a test is about, as the picker names it. */
export function choiceOf(leaf: Leaf): string {
  switch (kindOf(leaf)) {
    case 'event':
      return `event:${String(leaf.event)}`;
    case 'segment':
      return 'segment';
    default:
      return leaf.field === '' ? '' : `field:${String(leaf.field)}`;
  }
}

/** The first test of what was chosen. */
export function testOf(choice: string, catalog: Catalog): Leaf {
  if (choice === 'segment') return { segment: '', operator: 'in' };
  if (choice.startsWith('event:')) return { event: choice.slice('event:'.length), operator: '>=', value: 1, within_days: 30 };
  const name = choice.slice('field:'.length);
  return firstTest(name, name === catalog.id.name ? 'id' : (catalog.fields.get(name)?.type ?? 'keyword'));
}

interface Choice extends ComboboxItem {
  about: string;
  /** Lower case; what a search looks in. */
  found: string;
}

function choicesOf(catalog: Catalog) {
  const words = builderTexts;
  const of = (value: string, label: string, about: string, name = ''): Choice => ({
    value,
    label,
    about,
    found: `${label} ${name} ${about}`.toLowerCase(),
  });
  const fields = [...catalog.fields.values()].map((field) => {
    const filled = share(catalog.population === 0 ? 0 : field.present / catalog.population);
    const facts = words.fieldFacts(filled, count(field.distinct));
    const type = words.typeWords[plainType(field.type)] ?? field.type;
    return { kind: kindOfType(field.type), choice: of(`field:${field.name}`, readable(field.name), `${type} · ${facts}`, field.name) };
  });
  const id = of(`field:${catalog.id.name}`, readable(catalog.id.name), words.typeWords.id ?? '', catalog.id.name);
  const groups = GROUPS.map((kind) => ({
    group: words.fieldGroups[kind] ?? kind,
    items: kind === 'id' ? [id] : fields.filter((one) => one.kind === kind).map((one) => one.choice),
  }));
  const events = catalog.events.map((event) =>
    of(`event:${event.name}`, readable(event.name), words.eventFacts(count(event.events)), event.name),
  );
  const segments = [of('segment', words.inSegment, words.inSegmentAbout(count(catalog.segments.length)))];
  return [
    ...groups,
    { group: words.fieldGroups.event ?? '', items: events },
    { group: words.fieldGroups.segment ?? '', items: catalog.segments.length > 0 ? segments : [] },
  ].filter((group) => group.items.length > 0);
}

/** Every word of a search has to be there, in any order. */
const byWords: OptionsFilter = ({ options, search }) => {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (option: ComboboxParsedItem) => 'value' in option && wanted.every((word) => (option as Choice).found.includes(word));
  return options
    .map((option) => ('group' in option ? { ...option, items: option.items.filter(fits) } : option))
    .filter((option) => !('group' in option) || option.items.length > 0);
};

interface FieldPickerProps {
  place: string;
  leaf: Leaf;
  onChange: (leaf: Leaf) => void;
}

export function FieldPicker({ place, leaf, onChange }: FieldPickerProps) {
  const { catalog } = useBuilder();
  const words = builderTexts;
  const choices = useMemo(() => choicesOf(catalog), [catalog]);
  const value = choiceOf(leaf);
  const isKnown = value === '' || choices.some((group) => group.items.some((item) => item.value === value));
  const gone: Choice = { value, label: words.gone(String(leaf.field ?? leaf.event ?? words.inSegment)), about: '', found: '' };
  return (
    <Select
      data-first
      aria-label={words.fieldOf(place)}
      className={classes.field}
      data={isKnown ? choices : [gone, ...choices]}
      filter={byWords}
      value={value === '' ? null : value}
      onChange={(choice) => choice && choice !== value && onChange(testOf(choice, catalog))}
      placeholder={words.fieldHint}
      nothingFoundMessage={words.noField}
      renderOption={({ option }) => (
        <span className={classes.optionRow}>
          <span>{option.label}</span>
          <small>{(option as Choice).about}</small>
        </span>
      )}
      comboboxProps={{ width: 460, position: 'bottom-start', middlewares: { shift: true, flip: true } }}
      maxDropdownHeight={340}
      searchable
      // Where something is chosen already, whoever comes by with the keyboard is not shown all that there is.
      openOnFocus={value === ''}
      selectFirstOptionOnChange
      allowDeselect={false}
    />
  );
}
