// The value of a test, in whatever its operator and its type want it.
import { Text } from '@mantine/core';

import { currencyCode } from '../../../format/number';
import { MONEY } from '../../../format/value';
import { builder as builderTexts } from '../../../texts/en/builder';
import classes from './builder.module.css';
import { kindOfType } from './catalog';
import { BoolInput, MomentInput, NumberInput, ValuePicker, ValuesPicker, WordInput } from './inputs';
import { type Json, SHAPES } from './leaf';

interface ValueProps {
  /** Where the test is, for whoever cannot see it. */
  place: string;
  /** The type of what is tested. */
  type: string;
  operator: string;
  value: Json;
  onChange: (value: Json) => void;
  /** Where values are looked up; none for properties of events, of which no values are kept at hand. */
  lookup?: { field: string; node: string };
}

export function Value({ place, type, operator, value, onChange, lookup }: ValueProps) {
  const words = builderTexts;
  switch (SHAPES[operator]) {
    case 'none':
      return null;
    case 'days':
      return (
        <div className={`${classes.pair} ${classes.short}`}>
          <NumberInput label={words.daysOf(place)} value={value} onChange={onChange} placeholder="30" />
          <Text size="sm">{words.days}</Text>
        </div>
      );
    case 'pair': {
      const [low, high] = Array.isArray(value) ? value : [];
      const ends = (next: [Json, Json]) => onChange(next.map((end) => end ?? null));
      return (
        <div className={`${classes.pair} ${classes.value}`}>
          <Single label={words.from(place)} type={type} value={low} onChange={(next) => ends([next, high])} />
          <Text size="sm">{words.and}</Text>
          <Single label={words.to(place)} type={type} value={high} onChange={(next) => ends([low, next])} />
        </div>
      );
    }
    case 'many':
      return (
        <div className={classes.value}>
          <Several label={words.valueOf(place)} type={type} value={value} onChange={onChange} lookup={lookup} />
        </div>
      );
    default: {
      const isExact = ['is', 'is_not', '=', '!='].includes(operator);
      return (
        <div className={classes.value}>
          <Single
            label={words.valueOf(place)}
            type={type}
            value={value}
            onChange={onChange}
            lookup={isExact ? lookup : undefined}
          />
        </div>
      );
    }
  }
}

interface PartProps {
  label: string;
  type: string;
  value: Json;
  onChange: (value: Json) => void;
  lookup?: { field: string; node: string };
}

function Single({ label, type, value, onChange, lookup }: PartProps) {
  const rest = { label, value: value ?? undefined, onChange };
  switch (kindOfType(type)) {
    case 'number':
      return <NumberInput {...rest} unit={type === MONEY ? currencyCode() : undefined} />;
    case 'moment':
      return <MomentInput {...rest} type={type} />;
    case 'bool':
      return <BoolInput {...rest} />;
    default:
      return lookup ? <ValuePicker {...rest} {...lookup} /> : <WordInput {...rest} />;
  }
}

function Several({ label, type, value, onChange, lookup }: PartProps) {
  const isNumber = kindOfType(type) === 'number' || type === 'int_set';
  return (
    <ValuesPicker
      label={label}
      value={value ?? undefined}
      onChange={onChange}
      field={lookup?.field ?? ''}
      node={lookup?.node ?? ''}
      isNumber={isNumber}
    />
  );
}
