// What of the server's answers is asked for anew after an audience was saved.
import { useQueryClient } from '@tanstack/react-query';

const MOVED = ['audiences', 'dashboard', 'audience-versions', 'excluded', 'audience'];

export function useMoved(): () => void {
  const queries = useQueryClient();
  return () => MOVED.forEach((key) => void queries.invalidateQueries({ queryKey: [key] }));
}
