// A test of what people did: which event, how often or how much, when, under which conditions, and what came after.
import { ActionIcon, Button, Select } from '@mantine/core';

import { readable } from '../../../format/field';
import { CloseSign } from '../../../parts/builder-icons';
import { PlusSign } from '../../../parts/icons';
import { builder as builderTexts } from '../../../texts/en/builder';
import classes from './builder.module.css';
import { type Catalog, operatorWords, operatorsOf } from './catalog';
import { useBuilder } from './context';
import { MomentInput, NumberInput } from './inputs';
import { type Json, type Leaf, isObject, withKey, withOperator } from './leaf';
import { Value } from './value';

const MEASURES = ['any', 'count', 'sum', 'average', 'min', 'max', 'first', 'last'];
const OF_PROPERTY = ['sum', 'average', 'min', 'max'];
const OF_TIME = ['first', 'last'];

interface EventProps {
  place: string;
  leaf: Leaf;
  onChange: (leaf: Leaf) => void;
}

export function EventTest({ place, leaf, onChange }: EventProps) {
  const words = builderTexts;
  return (
    <>
      <div className={classes.part}>
        <Measure place={place} leaf={leaf} onChange={onChange} />
        <Window place={place} leaf={leaf} onChange={onChange} />
      </div>
      <Conditions place={place} leaf={leaf} onChange={onChange} />
      {(['then', 'not_followed_by'] as const).map((key) => {
        const follower = leaf[key];
        return isObject(follower) ? (
          <Follower
            key={key}
            place={place}
            what={key === 'then' ? words.followed : words.notFollowed}
            leaf={follower}
            onChange={(next) => onChange(withKey(leaf, key, next))}
          />
        ) : null;
      })}
      <div className={classes.part}>
        <Adding onClick={() => onChange({ ...leaf, where: [...conditionsOf(leaf), { field: '', operator: 'is' }] })}>
          {words.addWhere}
        </Adding>
        {!leaf.then && <Adding onClick={() => onChange({ ...leaf, then: { event: '' } })}>{words.addThen}</Adding>}
        {!leaf.not_followed_by && (
          <Adding onClick={() => onChange({ ...leaf, not_followed_by: { event: '', within_days: 7 } })}>
            {words.addNotFollowed}
          </Adding>
        )}
      </div>
    </>
  );
}

function Adding({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Button size="compact-xs" variant="subtle" leftSection={<PlusSign size={12} />} onClick={onClick}>
      {children}
    </Button>
  );
}

const typeOf = (catalog: Catalog, property: Json): string =>
  catalog.properties.find((one) => one.name === property)?.type ?? (property === 'amount' ? 'decimal' : 'keyword');

/** The properties of events; `amount` is known of each. */
function propertiesOf(catalog: Catalog, chosen: Json, isNumber = false): { value: string; label: string }[] {
  const names = new Set(['amount', ...catalog.properties.map((one) => one.name)]);
  if (typeof chosen === 'string' && chosen !== '') names.add(chosen);
  const fits = (name: string) => !isNumber || name === chosen || /^(int|decimal|float)/.test(typeOf(catalog, name));
  return [...names].filter(fits).map((name) => ({ value: name, label: readable(name) }));
}

function measureOf(leaf: Leaf): string {
  if (leaf.operator === undefined) return 'any';
  return typeof leaf.measure === 'string' ? leaf.measure : 'count';
}

/** The test with another measure, and a comparison that fits it. */
export function withMeasure(leaf: Leaf, measure: string): Leaf {
  const { measure: _, of, operator, value, ...rest } = leaf;
  if (measure === 'any') return rest;
  const named = measure === 'count' ? rest : { ...rest, measure };
  if (OF_TIME.includes(measure)) return { ...named, operator: 'within_days', value: 30 };
  const isNumber = operator !== undefined && !OF_TIME.includes(measureOf(leaf));
  const compared = isNumber ? { operator, ...(value === undefined ? {} : { value }) } : { operator: '>=', value: 1 };
  return OF_PROPERTY.includes(measure) ? { ...named, of: of ?? 'amount', ...compared } : { ...named, ...compared };
}

function Measure({ place, leaf, onChange }: EventProps) {
  const words = builderTexts;
  const { catalog } = useBuilder();
  const measure = measureOf(leaf);
  const type = OF_TIME.includes(measure) ? 'time' : 'decimal';
  const operators = operatorsOf(type).filter((one) => one !== 'exists' && one !== 'not_exists');
  const known = typeof leaf.operator !== 'string' || operators.includes(leaf.operator) ? operators : [...operators, leaf.operator];
  return (
    <>
      <Select
        aria-label={words.measure(place)}
        className={classes.short}
        data={MEASURES.map((one) => ({ value: one, label: words.measures[one] ?? one }))}
        value={measure}
        onChange={(next) => next && onChange(withMeasure(leaf, next))}
        allowDeselect={false}
      />
      {OF_PROPERTY.includes(measure) && (
        <Select
          aria-label={words.property(place)}
          className={classes.short}
          placeholder={words.propertyHint}
          data={propertiesOf(catalog, leaf.of, true)}
          value={typeof leaf.of === 'string' ? leaf.of : null}
          onChange={(next) => next && onChange({ ...leaf, of: next })}
          allowDeselect={false}
        />
      )}
      {measure !== 'any' && (
        <>
          <Select
            aria-label={words.operatorOf(place)}
            className={classes.operator}
            data={known.map((one) => ({ value: one, label: operatorWords(one, type) }))}
            value={String(leaf.operator)}
            onChange={(next) => next && onChange(withOperator(leaf, next))}
            allowDeselect={false}
          />
          <Value
            place={place}
            type={type}
            operator={String(leaf.operator)}
            value={leaf.value}
            onChange={(value) => onChange(withKey(leaf, 'value', value))}
          />
        </>
      )}
    </>
  );
}

const WINDOWS = ['ever', 'within_days', 'before_days', 'between'];

function Window({ place, leaf, onChange }: EventProps) {
  const words = builderTexts;
  const chosen = WINDOWS.find((key) => leaf[key] !== undefined && leaf[key] !== null) ?? 'ever';
  const choose = (key: string) => {
    const { within_days, before_days, between: _, ...rest } = leaf;
    if (key === 'ever') onChange(rest);
    else onChange({ ...rest, [key]: key === 'between' ? ['', ''] : (within_days ?? before_days ?? 30) });
  };
  const ends = Array.isArray(leaf.between) ? leaf.between : [];
  return (
    <>
      <Select
        aria-label={words.window(place)}
        className={classes.operator}
        data={WINDOWS.map((key) => ({ value: key, label: words.windows[key] ?? key }))}
        value={chosen}
        onChange={(key) => key && choose(key)}
        allowDeselect={false}
      />
      {(chosen === 'within_days' || chosen === 'before_days') && (
        <div className={`${classes.pair} ${classes.short}`}>
          <NumberInput
            label={words.windowDays(place)}
            value={leaf[chosen]}
            onChange={(days) => days !== undefined && onChange({ ...leaf, [chosen]: days })}
            placeholder="30"
          />
          <small>{words.days}</small>
        </div>
      )}
      {chosen === 'between' && (
        <>
          <MomentInput
            label={words.windowFrom(place)}
            type="time"
            value={ends[0]}
            onChange={(from) => onChange({ ...leaf, between: [from ?? '', ends[1] ?? ''] })}
          />
          <small>{words.and}</small>
          <MomentInput
            label={words.windowTo(place)}
            type="time"
            value={ends[1]}
            onChange={(to) => onChange({ ...leaf, between: [ends[0] ?? '', to ?? ''] })}
          />
        </>
      )}
    </>
  );
}

const conditionsOf = (leaf: Leaf): Json[] => (Array.isArray(leaf.where) ? leaf.where : []);

/** What each event has to satisfy. */
function Conditions({ place, leaf, onChange }: EventProps) {
  const words = builderTexts;
  const { catalog } = useBuilder();
  const conditions = conditionsOf(leaf);
  const put = (index: number, next: Leaf | null) => {
    const where = conditions.flatMap((one, i) => (i !== index ? [one] : next === null ? [] : [next]));
    onChange(withKey(leaf, 'where', where.length === 0 ? undefined : where));
  };
  return conditions.map((condition, i) => {
    if (!isObject(condition)) return null;
    const at = `${place}, ${i + 1}`;
    const type = typeOf(catalog, condition.field);
    return (
      // Conditions have no names, and their order is what they are known by.
      <div className={classes.part} key={i}>
        <small>{i === 0 ? words.where : words.and}</small>
        <Select
          aria-label={words.whereField(at)}
          className={classes.short}
          placeholder={words.propertyHint}
          data={propertiesOf(catalog, condition.field)}
          value={condition.field === '' ? null : String(condition.field)}
          onChange={(field) => field && put(i, { field, operator: operatorsOf(typeOf(catalog, field))[0] ?? 'is' })}
          searchable
          allowDeselect={false}
        />
        <Select
          aria-label={words.operatorOf(at)}
          className={classes.operator}
          data={operatorsOf(type).map((one) => ({ value: one, label: operatorWords(one, type) }))}
          value={String(condition.operator)}
          onChange={(operator) => operator && put(i, withOperator(condition, operator))}
          allowDeselect={false}
        />
        <Value
          place={at}
          type={type}
          operator={String(condition.operator)}
          value={condition.value}
          onChange={(value) => put(i, withKey(condition, 'value', value))}
        />
        <ActionIcon variant="subtle" color="gray" aria-label={words.removeWhere(at)} onClick={() => put(i, null)}>
          <CloseSign size={14} />
        </ActionIcon>
      </div>
    );
  });
}

interface FollowerProps {
  place: string;
  what: string;
  leaf: Leaf;
  onChange: (leaf: Leaf | undefined) => void;
}

function Follower({ place, what, leaf, onChange }: FollowerProps) {
  const words = builderTexts;
  const { catalog } = useBuilder();
  const names = new Set([...catalog.events.map((event) => event.name), ...(leaf.event ? [String(leaf.event)] : [])]);
  return (
    <>
      <div className={classes.part}>
        <small>{what}</small>
        <Select
          aria-label={words.followerEvent(what, place)}
          className={classes.short}
          placeholder={words.anyEvent}
          data={[...names].map((name) => ({ value: name, label: readable(name) }))}
          value={leaf.event === '' ? null : String(leaf.event)}
          onChange={(event) => event && onChange({ ...leaf, event })}
          searchable
          allowDeselect={false}
        />
        <div className={`${classes.pair} ${classes.short}`}>
          <small>{words.followerWithin}</small>
          <NumberInput
            label={words.followerDays(what, place)}
            value={leaf.within_days}
            onChange={(days) => onChange(withKey(leaf, 'within_days', days))}
            placeholder={words.anyTime}
          />
          <small>{words.days}</small>
        </div>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={words.removeFollower(what, place)}
          onClick={() => onChange(undefined)}
        >
          <CloseSign size={14} />
        </ActionIcon>
      </div>
      <Conditions place={`${place}, ${what}`} leaf={leaf} onChange={onChange} />
    </>
  );
}
