// The tree of a rule and all that can be done to it. Its shape and its changes are react-querybuilder's; what is seen of it
// is ours, as its own component would load half a page of scripts that are not needed here.
import { useMemo } from 'react';

import { type Builder, BuilderContext } from './context';
import { replaced, restOf } from './criteria';
import { GroupView } from './group';

type RuleBuilderProps = Pick<Builder, 'catalog' | 'counts' | 'total' | 'mistakes' | 'root' | 'change'>;

export function RuleBuilder({ catalog, counts, total, mistakes, root, change }: RuleBuilderProps) {
  const builder = useMemo<Builder>(
    () => ({
      catalog,
      root,
      counts,
      total,
      mistakes,
      change,
      rest: (id) => restOf(root, id),
      put: (id, put) => change((before) => replaced(before, id, put)),
    }),
    [catalog, counts, total, mistakes, root, change],
  );
  return (
    <BuilderContext.Provider value={builder}>
      <GroupView node={root} path={[]} isOff={false} isFirst isLast />
    </BuilderContext.Provider>
  );
}
