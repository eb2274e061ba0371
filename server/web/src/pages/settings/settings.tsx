// What is set for all: each part is a file and a script of its own, and is offered to whoever has the right to it.
import { Skeleton, Tabs } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ComponentType, Suspense, lazy } from 'react';

import { type Right, may, me } from '../../api/me';
import { Page } from '../../parts/page';
import { settings as settingsTexts } from '../../texts/en/settings';
import classes from './settings.module.css';

const route = getRouteApi('/app/settings');

interface Part {
  name: string;
  /** Without it there is nothing to see. */
  right: Right | undefined;
  /** Whether it begins a group: parts of another kind than those before. */
  isFirst?: boolean;
  Shown: ComponentType;
}

const PARTS: Part[] = [
  { name: 'accounts', right: 'oversee', Shown: lazy(async () => ({ default: (await import('./accounts')).Accounts })) },
  { name: 'keys', right: 'oversee', Shown: lazy(async () => ({ default: (await import('./keys')).Keys })) },
  { name: 'you', right: undefined, Shown: lazy(async () => ({ default: (await import('./you')).You })) },
  { name: 'personal', right: 'count', Shown: lazy(async () => ({ default: (await import('./personal')).Personal })) },
  { name: 'audit', right: 'oversee', Shown: lazy(async () => ({ default: (await import('./audit')).Audit })) },
  { name: 'channels', right: 'count', isFirst: true, Shown: lazy(async () => ({ default: (await import('./channels')).Channels })) },
  { name: 'suppressions', right: 'count', Shown: lazy(async () => ({ default: (await import('./suppressions')).Suppressions })) },
  { name: 'groups', right: 'count', Shown: lazy(async () => ({ default: (await import('./groups')).Groups })) },
  { name: 'webhooks', right: 'administer', isFirst: true, Shown: lazy(async () => ({ default: (await import('./webhooks')).Webhooks })) },
  { name: 'tenants', right: 'operate', Shown: lazy(async () => ({ default: (await import('./tenants')).Tenants })) },
  { name: 'server', right: undefined, Shown: lazy(async () => ({ default: (await import('./server')).Server })) },
];

/** Where parts stand in a row that is wider than the window. */
const intoView = (tab: HTMLElement | null) => tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' });

export function Settings() {
  const words = settingsTexts;
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const who = useQuery(me).data;
  const parts = PARTS.filter(({ right }) => right === undefined || may(who, right));
  const chosen = parts.find((part) => part.name === tab) ?? parts[0];
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  return (
    <Page title={words.title} about={words.about}>
      <Tabs
        value={chosen?.name ?? null}
        onChange={(next) => void navigate({ search: { tab: next ?? undefined } })}
        keepMounted={false}
        orientation={isWide ? 'vertical' : 'horizontal'}
        variant={isWide ? 'pills' : 'default'}
        classNames={{ root: classes.parts, list: classes.list, tab: classes.tab, panel: classes.panel }}
      >
        <Tabs.List aria-label={words.title}>
          {parts.map(({ name, isFirst }) => (
            <Tabs.Tab key={name} value={name} data-first={isFirst || undefined} ref={name === chosen?.name ? intoView : undefined}>
              {words.tabs[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {parts.map(({ name, Shown }) => (
          <Tabs.Panel key={name} value={name}>
            <Suspense fallback={<Skeleton height={200} radius="lg" />}>
              <Shown />
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
