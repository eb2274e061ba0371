// The tree of a rule and all that can be done to it: `criteria.ts` is its shape, `tree.ts` its changes.
import { useLayoutEffect, useMemo, useState } from 'react';

import { type Builder, BuilderContext, Roots, RootsContext, type Tally, TallyContext } from './context';
import { type GroupNode, replaced } from './criteria';
import { GroupView } from './group';

interface RuleBuilderProps extends Pick<Builder, 'catalog' | 'change'>, Tally {
  root: GroupNode;
}

export function RuleBuilder({ catalog, counts, total, mistakes, root, change }: RuleBuilderProps) {
  const builder = useMemo<Builder>(
    () => ({ catalog, change, put: (id, put) => change((before) => replaced(before, id, put)) }),
    [catalog, change],
  );
  const [roots] = useState(() => new Roots(root));
  useLayoutEffect(() => roots.set(root), [roots, root]);
  const tally = useMemo<Tally>(() => ({ counts, total, mistakes }), [counts, total, mistakes]);
  return (
    <BuilderContext value={builder}>
      <TallyContext value={tally}>
        <RootsContext value={roots}>
          <GroupView node={root} path={[]} isOff={false} isFirst isLast />
        </RootsContext>
      </TallyContext>
    </BuilderContext>
  );
}
