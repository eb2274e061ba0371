// A table that fills a card; where there is no room for its columns, its rows are parts of the card.
import { Card } from '@mantine/core';
import type { ReactNode } from 'react';

import { Stacked } from './stacked';

interface CardTableProps {
  label: string;
  /** Names of the columns. */
  head: readonly string[];
  /** Columns, counted from 0, whose figures stand below each other. */
  figures?: readonly number[];
  /** The room below which rows are cards. */
  below?: 'narrow' | 'wide';
  highlightOnHover?: boolean;
  /** The rows. */
  children: ReactNode;
}

export function CardTable({ below = 'wide', ...rest }: CardTableProps) {
  return (
    <Card p={0}>
      <Stacked hasEdge verticalSpacing="sm" horizontalSpacing="lg" below={below} {...rest} />
    </Card>
  );
}
