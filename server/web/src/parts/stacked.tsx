// A table whose rows become cards where there is no room for its columns: each cell then says what it is.
// Its roles are written down: without them a browser takes rows that are drawn as cards for no table any more.
import { Table, type TableProps, type TableTdProps } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './stacked.module.css';

interface StackedProps extends Omit<TableProps, 'data'> {
  label: string;
  /** The room below which rows are cards: a few columns need less of it than many. */
  below: 'narrow' | 'wide';
  /** Names of the columns. */
  head: readonly string[];
  /** Columns, counted from 0, whose figures stand below each other. */
  figures?: readonly number[];
  /** Whether it fills a card to its edges; otherwise it begins where the text above it does. */
  hasEdge?: boolean;
  /** The rows, each a `StackedRow` of `Cell`s. */
  children: ReactNode;
}

export function Stacked({ label, below, head, figures = [], hasEdge = false, children, ...rest }: StackedProps) {
  return (
    <div className={classes.frame}>
      <Table {...rest} role="table" aria-label={label} className={classes.table} data-below={below} data-edge={hasEdge || undefined}>
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {head.map((name, i) => (
              <Table.Th key={name} role="columnheader" ta={figures.includes(i) ? 'right' : undefined}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">{children}</Table.Tbody>
      </Table>
    </div>
  );
}

export function StackedRow({ children }: { children: ReactNode }) {
  return <Table.Tr role="row">{children}</Table.Tr>;
}

interface CellProps extends TableTdProps {
  /** What its column is called. Without it the cell is as wide as the card: whose card it is, or what one can do. */
  of?: string;
  /** Whether it says whose card it is although other columns come before it. */
  isTitle?: boolean;
  /** Whether figures of the column stand below each other. */
  isFigure?: boolean;
}

export function Cell({ of, isTitle = false, isFigure = false, ...rest }: CellProps) {
  return <Table.Td {...rest} role="cell" className={classes.cell} data-of={of} data-title={isTitle || undefined} data-figure={isFigure || undefined} />;
}
