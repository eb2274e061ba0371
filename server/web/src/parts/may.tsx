// What is offered only to those who may: everybody else does not see it.
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { type Right, may, me } from '../api/me';
import { signIn as signInTexts } from '../texts/en/sign-in';

/** Whether whoever looks at the page has a right. */
export function useMay(right: Right): boolean {
  return may(useQuery(me).data, right);
}

interface MayProps {
  right: Right;
  children: ReactNode;
  /** What others see; nothing when left out. */
  instead?: ReactNode;
}

export function May({ right, children, instead }: MayProps) {
  return useMay(right) ? children : instead;
}

/** Says what is not offered, and which right it takes. */
export function NotForYou({ right }: { right: Right }) {
  return <Text c="dimmed">{signInTexts.notForYou(signInTexts.rights[right])}</Text>;
}
