// Saving a segment that is no rule: a name, what it is made of, and then its page.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import type { Segment } from '../../../api/segment';
import { done } from '../../../parts/notify';
import { made as madeTexts } from '../../../texts/en/made';

const route = getRouteApi('/app/segments/new');

export function useSaving(make: ((name: string) => Promise<Segment>) | null, told: (saved: Segment) => string) {
  const [name, setName] = useState('');
  const [isTried, setTried] = useState(false);
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const saving = useMutation({
    mutationFn: async () => (make ? make(name.trim()) : Promise.reject(new Error(madeTexts.noSource))),
    onSuccess: (saved) => {
      done(told(saved));
      queries.setQueryData(['segment', String(saved.id)], saved);
      for (const changed of ['segments', 'dashboard']) void queries.invalidateQueries({ queryKey: [changed] });
      void navigate({ to: '/app/segments/$id', params: { id: String(saved.id) } });
    },
  });
  const save = () => {
    setTried(true);
    if (name.trim() === '') document.getElementById('segment-name')?.focus();
    else saving.mutate();
  };
  return { name, setName, nameError: isTried && name.trim() === '' ? madeTexts.nameMissing : undefined, save, saving };
}
