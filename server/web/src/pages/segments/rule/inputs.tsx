// What values are typed into. Each says what it means at every key and keeps what was typed as it was typed.
import { Autocomplete, Select, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { printed } from '../../../api/exact';
import { distribution } from '../../../api/rule';
import { count } from '../../../format/number';
import { builder as builderTexts } from '../../../texts/en/builder';
import classes from './builder.module.css';
import { plainType } from './catalog';
import { useRoot } from './context';
import { restOf } from './criteria';
import type { Json } from './leaf';
import { numberFrom } from './number';

/** Pixels for a currency beside an amount, and for the name of the zone beside a moment. */
const UNIT_WIDTH = 40;

/** Options that a list shows at once; the rest is found by typing. */
const SHOWN_MAX = 60;

interface InputProps {
  label: string;
  value: Json;
  onChange: (value: Json) => void;
}

/** Text in a box that follows its value, unless what is typed means the same. */
function useTyped(value: Json, parse: (text: string) => Json): [string, (text: string) => void] {
  const print = printed(value);
  const [text, setText] = useState(print);
  useEffect(() => {
    setText((typed) => (parse(typed) === (value ?? undefined) ? typed : print));
    // `parse` is the same for as long as the box is there.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [print, value]);
  return [text, setText];
}

interface NumberProps extends InputProps {
  placeholder?: string;
  /** What it is so many of, beside the number: a currency. */
  unit?: string;
}

export function NumberInput({ label, value, onChange, placeholder = '0', unit }: NumberProps) {
  const [text, setText] = useTyped(value, numberFrom);
  const isWrong = text.trim() !== '' && numberFrom(text) === undefined;
  return (
    <TextInput
      aria-label={unit ? `${label}, ${unit}` : label}
      rightSection={unit && <small className={classes.unit}>{unit}</small>}
      rightSectionWidth={UNIT_WIDTH}
      inputMode="decimal"
      placeholder={placeholder}
      value={text}
      error={isWrong ? builderTexts.notANumber : undefined}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(numberFrom(event.currentTarget.value));
      }}
    />
  );
}

const wordFrom = (text: string): Json => (text === '' ? undefined : text);

export function WordInput({ label, value, onChange }: InputProps) {
  return (
    <TextInput
      aria-label={label}
      placeholder={builderTexts.valueHint}
      value={printed(value)}
      onChange={(event) => onChange(wordFrom(event.currentTarget.value))}
    />
  );
}

const MINUTES = 16;
/** A day, or an instant in UTC to the minute; one that is more exact is kept until it is changed. */
export function MomentInput({ label, value, onChange, type }: InputProps & { type: string }) {
  const isDay = plainType(type) === 'date';
  const text = typeof value === 'string' ? value : '';
  return (
    <TextInput
      aria-label={isDay ? label : builderTexts.inRuleZone(label)}
      type={isDay ? 'date' : 'datetime-local'}
      rightSection={isDay ? undefined : <small className={classes.unit}>{builderTexts.ruleZone}</small>}
      rightSectionWidth={isDay ? undefined : UNIT_WIDTH}
      value={isDay ? text : text.slice(0, MINUTES)}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        if (typed === '') onChange(undefined);
        else onChange(isDay ? typed : `${typed.slice(0, MINUTES)}:00Z`);
      }}
    />
  );
}

export function BoolInput({ label, value, onChange }: InputProps) {
  return (
    <Select
      aria-label={label}
      data={[
        { value: 'true', label: builderTexts.yes },
        { value: 'false', label: builderTexts.no },
      ]}
      value={value === undefined ? null : String(value)}
      onChange={(next) => onChange(next === 'true')}
      allowDeselect={false}
    />
  );
}

interface Offer {
  names: string[];
  told: Map<string, string>;
  /** How many different values there are. */
  distinct: number;
}

/** Values of a field with how often they occur, in the rest of the rule and among all. */
function useOffer(field: string, node: string, isOpen: boolean): Offer {
  const root = useRoot(isOpen);
  const within = root && restOf(root, node);
  const all = useQuery({ ...distribution(field, null, { top: true }), enabled: isOpen && field !== '' }).data;
  const some = useQuery({ ...distribution(field, within, { top: true }), enabled: isOpen && field !== '' && within !== null }).data;
  const counts = new Map((some?.top ?? []).map((one) => [String(one.value), one.count]));
  const told = new Map<string, string>();
  for (const one of all?.top ?? []) {
    const name = String(one.value);
    const everybody = count(one.count);
    const isWithin = within !== null && some?.top !== undefined;
    told.set(name, isWithin ? builderTexts.within(count(counts.get(name) ?? 0), everybody) : everybody);
  }
  return { names: [...told.keys()], told, distinct: all?.distinct ?? 0 };
}

const described = (told: Map<string, string>) =>
  function Option({ option }: { option: { value: string } }) {
    return (
      <span className={classes.optionRow}>
        <span>{option.value}</span>
        <small>{told.get(option.value)}</small>
      </span>
    );
  };

interface PickerProps extends InputProps {
  field: string;
  node: string;
  /** Whether the values are numbers. */
  isNumber?: boolean;
}

/** One value, chosen from those there are or typed. */
export function ValuePicker({ label, value, onChange, field, node }: PickerProps) {
  const [isOpen, setOpen] = useState(false);
  const { names, told } = useOffer(field, node, isOpen);
  return (
    <Autocomplete
      aria-label={label}
      placeholder={builderTexts.valuesHint}
      data={names}
      limit={SHOWN_MAX}
      maxDropdownHeight={280}
      comboboxProps={{ width: 280, position: 'bottom-start' }}
      renderOption={described(told)}
      value={printed(value)}
      onChange={(text) => onChange(wordFrom(text))}
      onDropdownOpen={() => setOpen(true)}
    />
  );
}

/** Several values, chosen from those there are or typed. */
export function ValuesPicker({ label, value, onChange, field, node, isNumber = false }: PickerProps) {
  const [isOpen, setOpen] = useState(false);
  const { names, told } = useOffer(field, node, isOpen);
  const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const chosen = values.map(printed);
  // What was there stays what it was, however it was written.
  const meant = (text: string): Json => values[chosen.indexOf(text)] ?? (isNumber ? (numberFrom(text) ?? text) : text);
  return (
    <TagsInput
      aria-label={label}
      placeholder={chosen.length === 0 ? builderTexts.valuesHint : undefined}
      data={names}
      limit={SHOWN_MAX}
      maxDropdownHeight={280}
      comboboxProps={{ width: 280, position: 'bottom-start' }}
      classNames={{ inputField: classes.typed }}
      splitChars={isNumber ? [',', ' ', ';'] : []}
      renderOption={described(told)}
      value={chosen}
      onChange={(next) => onChange(next.length === 0 ? undefined : next.map(meant))}
      onDropdownOpen={() => setOpen(true)}
    />
  );
}
