export const segments = {
  title: 'Segments',
  about: 'Rules that are always up to date',
  new: 'New segment',
  search: 'Search segments',
  head: { name: 'Name', size: 'Size', trend: '30 days', used: 'Used by', changed: 'Changed' },
  found: (count: string) => (count === '1' ? '1 segment' : `${count} segments`),
  kinds: { dynamic: 'Rule', static: 'List', lookalike: 'Look-alike' } as Record<string, string>,
  draft: 'Draft',
  archived: 'Archived',
  usedBy: (count: number) => (count === 0 ? 'nothing' : `${count} ${count === 1 ? 'place' : 'places'}`),
  none: 'No segment fits',
  more: 'Show more',
};
