// Who comes in: whoever the server knows sees the page, everybody else is asked who they are.
import { Center, Loader } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { Fragment, type ReactNode, Suspense, lazy, useEffect } from 'react';

import { INVITATION_PATH } from '../../api/accounts';
import { whenRefused } from '../../api/key';
import { may, me } from '../../api/me';
import { showCurrency } from '../../format/number';
import { showZone } from '../../format/time';
import { Trouble } from '../../parts/trouble';
import { shell as shellTexts } from '../../texts/en/shell';

/** For whoever has an invitation, signed in or not. */
const Invitation = lazy(() => import('./invitation').then((part) => ({ default: part.Invitation })));

/** Most people are known already: what is asked of the others is loaded when it is asked. */
const SignIn = lazy(() => import('./sign-in').then((part) => ({ default: part.SignIn })));

export function Gate({ children }: { children: ReactNode }) {
  const who = useQuery(me);
  const queries = useQueryClient();
  // A key may end while somebody works: any refusal has us look again who we are.
  useEffect(() => whenRefused(() => void queries.invalidateQueries(me)), [queries]);
  useStartThatIsOpen();
  const isInvited = useRouterState({ select: (state) => state.location.pathname === INVITATION_PATH });
  // Said before anything below is drawn; what is drawn already is drawn anew when the tenant moves to another zone or currency.
  showZone(who.data?.time_zone);
  showCurrency(who.data?.currency);
  if (who.data && !isInvited) return <Fragment key={`${who.data.time_zone} ${who.data.currency}`}>{children}</Fragment>;
  const waiting = <Loader aria-label={shellTexts.loading} />;
  if (who.data === null || isInvited) {
    return <Suspense fallback={<Center mih="100vh">{waiting}</Center>}>{isInvited ? <Invitation /> : <SignIn />}</Suspense>;
  }
  return (
    <Center mih="100vh" p="lg">
      {who.isError ? (
        <Trouble error={who.error} onRetry={() => void who.refetch()} />
      ) : (
        waiting
      )}
    </Center>
  );
}

/** An operator sees nobody's figures, so the first page is where keys and tenants are. */
function useStartThatIsOpen() {
  const who = useQuery(me).data;
  const isHome = useRouterState({ select: (state) => state.location.pathname === '/' });
  const navigate = useNavigate();
  const isElsewhere = isHome && !!who && !may(who, 'count');
  useEffect(() => {
    if (isElsewhere) void navigate({ to: '/app/settings', replace: true });
  }, [isElsewhere, navigate]);
}
