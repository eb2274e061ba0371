// What every picture has around it: a name, a sentence that says the same, and its figures as a table for whoever cannot
// see it or wants the numbers.
import { Table, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';

import { charts as chartsTexts } from '../texts/en/charts';
import classes from './charts.module.css';

export interface FigureTable {
  head: string[];
  rows: (string | number)[][];
}

interface FigureProps {
  /** What it shows; read out, and the caption of the table. */
  label: string;
  table: FigureTable;
  /** Whether a button shows the table to everybody. Without it only screen readers have it. */
  hasTable?: boolean;
  children: ReactNode;
}

export function Figure({ label, table, hasTable = false, children }: FigureProps) {
  const [isTable, setTable] = useState(false);
  const id = useId();
  return (
    <figure className={classes.figure} aria-labelledby={id}>
      <VisuallyHidden component="figcaption" id={id}>
        {label}
      </VisuallyHidden>
      {isTable ? <Figures {...table} label={label} /> : children}
      {!isTable && (
        <VisuallyHidden>
          <Figures {...table} label={label} />
        </VisuallyHidden>
      )}
      {hasTable && (
        <UnstyledButton className={classes.toggle} onClick={() => setTable(!isTable)} aria-pressed={isTable}>
          {isTable ? chartsTexts.asPicture : chartsTexts.asTable}
        </UnstyledButton>
      )}
    </figure>
  );
}

function Figures({ head, rows, label }: FigureTable & { label: string }) {
  return (
    <Table aria-label={label} withRowBorders={false}>
      <Table.Thead>
        <Table.Tr>
          {head.map((name) => (
            <Table.Th key={name}>{name}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row, i) => (
          // Rows of a picture have no names, and their order is what they mean.
          <Table.Tr key={i}>
            {row.map((cell, j) => (
              <Table.Td key={head[j]}>{cell}</Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
