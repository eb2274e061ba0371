// What people are called who are known by their ids.
import { useQuery } from '@tanstack/react-query';

import { peopleOf } from '../../api/people-of';
import { personName } from '../../api/person-name';
import { useMay } from '../../parts/may';
import { audiences as audiencesTexts } from '../../texts/en/audiences';

/** The name and the id of each, as far as one may see it; the id alone of whoever has no name, or is nobody. */
export function usePeopleNames(ids: string[]): (id: string) => string {
  const mayRead = useMay('read_people');
  const known = useQuery({ ...peopleOf(ids), enabled: mayRead && ids.length > 0 }).data;
  return (id) => {
    const { name } = personName(known?.get(id) ?? { id, fields: {} });
    return name === id ? id : audiencesTexts.nameAndId(name, id);
  };
}
