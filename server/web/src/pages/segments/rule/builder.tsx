// The tree of a rule and all that can be done to it. Its shape and its changes are react-querybuilder's; what is seen of it
// is ours, as its own component would load half a page of scripts that are not needed here.
import { useMemo } from 'react';

import { type Builder, BuilderContext, RootContext, type Tally, TallyContext } from './context';
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
  const tally = useMemo<Tally>(() => ({ counts, total, mistakes }), [counts, total, mistakes]);
  return (
    <BuilderContext value={builder}>
      <TallyContext value={tally}>
        <RootContext value={root}>
          <GroupView node={root} path={[]} isOff={false} isFirst isLast />
        </RootContext>
      </TallyContext>
    </BuilderContext>
  );
}
