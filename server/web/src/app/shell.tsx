// What is around every page: where one can go, which colours, and what the server has to say about itself.
import { Alert, AppShell, Burger, Group, NavLink, Stack, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';

import { health } from '../api/overview';
import {
  AudiencesSign,
  DataSign,
  HomeSign,
  OffersSign,
  PeopleSign,
  SegmentsSign,
  SettingsSign,
} from '../parts/icons';
import { me, may, type Right } from '../api/me';
import { zoneName } from '../format/time';
import { Account } from '../pages/sign-in/account';
import { shell as shellTexts } from '../texts/en/shell';
import { SchemeChoice } from './scheme';
import classes from './shell.module.css';

/** Where one can go, and the right without which there is nothing to see there. */
const PLACES = [
  { to: '/', label: shellTexts.home, Sign: HomeSign, right: 'count' },
  { to: '/app/segments', label: shellTexts.segments, Sign: SegmentsSign, right: 'count' },
  { to: '/app/audiences', label: shellTexts.audiences, Sign: AudiencesSign, right: 'count' },
  { to: '/app/offers', label: shellTexts.offers, Sign: OffersSign, right: 'count' },
  { to: '/app/people', label: shellTexts.people, Sign: PeopleSign, right: 'read_people' },
  { to: '/app/data', label: shellTexts.data, Sign: DataSign, right: 'count' },
  { to: '/app/settings', label: shellTexts.settings, Sign: SettingsSign, right: undefined },
] as const satisfies { right: Right | undefined; [more: string]: unknown }[];

export function Shell() {
  const [isOpen, menu] = useDisclosure(false);
  const who = useQuery(me).data;
  const path = useRouterState({ select: (state) => state.location.pathname });
  const close = menu.close;
  useEffect(close, [path, close]);
  return (
    <AppShell
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', sm: 'xl' }}
      classNames={{ navbar: classes.navbar, header: classes.header, main: classes.main }}
    >
      <a href="#content" className={classes.skip}>
        {shellTexts.skip}
      </a>
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="md" gap="sm">
          <Burger
            opened={isOpen}
            onClick={menu.toggle}
            size="sm"
            aria-label={isOpen ? shellTexts.closeMenu : shellTexts.openMenu}
            aria-expanded={isOpen}
          />
          <Brand />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="md" aria-label={shellTexts.navigation}>
        <Group visibleFrom="sm" px="xs" pt={6} pb="lg">
          <Brand />
        </Group>
        <Stack gap={2} flex={1} component="ul" className={classes.places}>
          {PLACES.filter(({ right }) => !right || may(who, right)).map(({ to, label, Sign }) => (
            <Place key={to} to={to} label={label} path={path} sign={<Sign />} />
          ))}
        </Stack>
        <Account />
        <Text size="xs" c="dimmed" px="xs" pb={4}>
          {shellTexts.times(zoneName())}
        </Text>
        <Group justify="space-between" px="xs">
          <Server />
          <SchemeChoice />
        </Group>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Arrived path={path} />
        <ReadOnly />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

/** Milliseconds after which another page has its title. */
const ARRIVED_MS = 500;

/** Says which page one has come to, to whoever does not see it change. */
function Arrived({ path }: { path: string }) {
  const from = useRef(path);
  const [title, setTitle] = useState('');
  useEffect(() => {
    if (from.current === path) return;
    from.current = path;
    const timer = setTimeout(() => setTitle(document.title), ARRIVED_MS);
    return () => clearTimeout(timer);
  }, [path]);
  return <VisuallyHidden aria-live="polite">{title}</VisuallyHidden>;
}

function Brand() {
  return (
    <Group gap={10}>
      <img src="/favicon.svg" alt="" width={26} height={26} />
      <Text fw={650} size="lg" style={{ letterSpacing: '-0.02em' }}>
        {shellTexts.product}
      </Text>
    </Group>
  );
}

function Place(props: { to: (typeof PLACES)[number]['to']; label: string; path: string; sign: ReactNode }) {
  const { to, label, path, sign } = props;
  const isHere = path === to || (to !== '/' && path.startsWith(`${to}/`));
  return (
    <li>
      <NavLink
        renderRoot={(rest) => <Link to={to} {...rest} />}
        label={label}
        leftSection={sign}
        active={isHere}
        aria-current={isHere ? 'page' : undefined}
        className={classes.place}
        variant="subtle"
      />
    </li>
  );
}

/** What the server is, and whether it keeps what it is told. */
function Server() {
  const { data } = useQuery(health);
  if (!data) return <span />;
  const isKept = data.durability === 'log';
  return (
    <Tooltip label={shellTexts.inMemoryAbout} disabled={isKept} multiline w={240}>
      <Text size="xs" c="dimmed" tabIndex={isKept ? undefined : 0}>
        {isKept ? shellTexts.version(data.version) : shellTexts.inMemory}
      </Text>
    </Tooltip>
  );
}

function ReadOnly() {
  const { data } = useQuery(health);
  const reason = data?.read_only ?? data?.storage_full;
  if (!reason) return null;
  return (
    <Alert role="alert" color="red" variant="default" mb="lg" title={data?.read_only ? shellTexts.readOnly : undefined}>
      {reason}
    </Alert>
  );
}
