export const filters = {
  searchHint: 'Name, description, owner or tag',
  status: 'Status',
  statuses: { current: 'In use', draft: 'Drafts', archived: 'Archived', all: 'All' } as Record<string, string>,
  tag: 'Tag',
  anyTag: 'Any tag',
  sort: 'Sort by',
  sorts: { '-updated': 'Last changed', name: 'Name', '-count': 'Size', '-created': 'Newest' } as Record<string, string>,
  noneAbout: 'Search for less, or for another status.',
  clear: 'Show all',
};
