// One number that matters, large, with what it counts above and what to make of it below.
import { Card, Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './parts.module.css';

interface FactProps {
  label: string;
  /** In words; a bar is shown while it is not known. */
  value: string | undefined;
  note?: ReactNode;
}

export function Fact({ label, value, note }: FactProps) {
  return (
    <Card component="dl" m={0} className={classes.fact}>
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <dd className={classes.factValue}>{value ?? <Skeleton height={30} width="60%" mt={6} />}</dd>
      {note && (
        <Text component="dd" m={0} size="sm" c="dimmed">
          {note}
        </Text>
      )}
    </Card>
  );
}
