// Sentences and rules of the server, with fields called as people know them.
import { useQuery } from '@tanstack/react-query';

import { schema } from '../api/overview';
import { inWords } from '../format/field';

/** `inWords`, for what is drawn: it is drawn anew once the fields are known. */
export function useInWords(): (sentence: string) => string {
  useQuery(schema);
  return inWords;
}
