// One rule: what it is about, how that is compared, with what, and how many that are.
import { ActionIcon, Select } from '@mantine/core';
import { Suspense, lazy, memo, useState } from 'react';

import { writtenExactly } from '../../../api/exact';
import { readable } from '../../../format/field';
import { count } from '../../../format/number';
import { SpreadSign } from '../../../parts/builder-icons';
import { builder as builderTexts } from '../../../texts/en/builder';
import { Actions, pressed } from './actions';
import classes from './builder.module.css';
import { kindOfType, operatorWords, operatorsOf } from './catalog';
import { type Standing, isDrawnAlike, placeOfPath, useBuilder } from './context';
import { Counts, Mistakes } from './counts';
import { type RuleNode, newRule } from './criteria';
import { FieldPicker } from './field-picker';
import { type Leaf, isFinished, kindOf, withKey, withOperator } from './leaf';
import { Value } from './value';

const EventTest = lazy(() => import('./event').then(({ EventTest }) => ({ default: EventTest })));
const Spread = lazy(() => import('./spread').then(({ Spread }) => ({ default: Spread })));

/** Drawn anew only when something of its own has changed. */
export const RuleView = memo(DrawnRule, isDrawnAlike);

function DrawnRule({ node, path, isOff, isFirst, isLast }: Standing<RuleNode>) {
  const { put, change: changeTree } = useBuilder();
  const words = builderTexts;
  const place = placeOfPath(path);
  const leaf = node.value;
  const isMuted = node.muted === true || isOff;
  const change = (next: Leaf) => put(node.id, (one) => ({ ...newRule(next, node.id), ...(one.muted ? { muted: true } : {}) }));
  return (
    <div
      className={classes.rule}
      role="group"
      aria-label={words.ruleAt(place)}
      data-node={node.id}
      data-muted={isMuted || undefined}
      onKeyDown={(event) => pressed(event, changeTree, node, { path, isFirst, isLast })}
    >
      <div className={classes.row}>
        <div className={classes.test}>
          {kindOf(leaf) === 'unknown' ? (
            <span className={classes.value}>
              {words.unknown} <span className={classes.code}>{writtenExactly(leaf)}</span>
            </span>
          ) : (
            <FieldPicker place={place} leaf={leaf} onChange={change} />
          )}
          {kindOf(leaf) === 'segment' && <SegmentTest place={place} leaf={leaf} onChange={change} />}
          {kindOf(leaf) === 'field' && leaf.field !== '' && <FieldTest node={node.id} place={place} leaf={leaf} onChange={change} />}
        </div>
        <Actions
          node={node}
          path={path}
          name={words.ruleAt(place)}
          isFirst={isFirst}
          isLast={isLast}
        />
      </div>
      {kindOf(leaf) === 'event' && (
        <Suspense>
          <EventTest place={place} leaf={leaf} onChange={change} />
        </Suspense>
      )}
      <Counts id={node.id} isMuted={isMuted} isUnfinished={!isFinished(leaf)} />
      <Mistakes id={node.id} />
    </div>
  );
}

interface TestProps {
  place: string;
  leaf: Leaf;
  onChange: (leaf: Leaf) => void;
}

function FieldTest({ node, place, leaf, onChange }: TestProps & { node: string }) {
  const words = builderTexts;
  const { catalog } = useBuilder();
  const [isSpread, setSpread] = useState(false);
  const name = String(leaf.field);
  const field = catalog.fields.get(name);
  const isId = name === catalog.id.name;
  const type = isId ? 'id' : (field?.type ?? 'keyword');
  const operator = String(leaf.operator ?? '');
  const operators = isId ? catalog.id.operators : (field?.operators ?? operatorsOf(type));
  const known = operators.includes(operator) ? operators : [operator, ...operators];
  const isOrdered = ['number', 'moment'].includes(kindOfType(type));
  return (
    <>
      <Select
        aria-label={words.operatorOf(place)}
        className={classes.operator}
        data={known.map((one) => ({ value: one, label: operatorWords(one, type) }))}
        value={operator}
        onChange={(next) => next && onChange(withOperator(leaf, next))}
        allowDeselect={false}
        comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      />
      <Value
        place={place}
        type={type}
        operator={operator}
        value={leaf.value}
        onChange={(value) => onChange(withKey(leaf, 'value', value))}
        lookup={isId ? undefined : { field: name, node }}
      />
      {isOrdered && field && (
        <ActionIcon
          variant={isSpread ? 'light' : 'subtle'}
          color="gray"
          size={30}
          aria-label={words.spreadShow(readable(name))}
          aria-expanded={isSpread}
          onClick={() => setSpread(!isSpread)}
        >
          <SpreadSign size={16} />
        </ActionIcon>
      )}
      {isSpread && (
        <div style={{ flexBasis: '100%', order: 1 }}>
          <Suspense>
            {/* Another field's values are no stand-in for this one's. */}
            <Spread key={name} node={node} type={type} leaf={leaf} onChange={onChange} />
          </Suspense>
        </div>
      )}
    </>
  );
}

function SegmentTest({ place, leaf, onChange }: TestProps) {
  const words = builderTexts;
  const { catalog } = useBuilder();
  const named = catalog.segments.find((one) => one.id === leaf.segment)?.name ?? String(leaf.segment);
  const names = new Map(catalog.segments.map((one) => [one.name, one.count]));
  return (
    <>
      <Select
        aria-label={words.operatorOf(place)}
        className={classes.operator}
        data={['in', 'not_in'].map((one) => ({ value: one, label: words.membership[one] ?? one }))}
        value={String(leaf.operator)}
        onChange={(operator) => operator && onChange({ ...leaf, operator })}
        allowDeselect={false}
      />
      <Select
        aria-label={words.segmentOf(place)}
        className={classes.value}
        placeholder={words.segmentHint}
        data={[...new Set([...(named === '' ? [] : [named]), ...names.keys()])]}
        value={named === '' ? null : named}
        onChange={(segment) => segment && onChange({ ...leaf, segment })}
        renderOption={({ option }) => (
          <span className={classes.optionRow}>
            <span>{option.label}</span>
            <small>{words.segmentSize(count(names.get(option.value) ?? 0))}</small>
          </span>
        )}
        searchable
        selectFirstOptionOnChange
        allowDeselect={false}
      />
    </>
  );
}
