// Keys that mean the same everywhere on the page.
import { useEffect } from 'react';

interface Keys {
  undo: () => void;
  redo: () => void;
  save: () => void;
}

/** Ctrl+Z, Ctrl+Shift+Z or Ctrl+Y, and Ctrl+S; ⌘ where that is the custom. Boxes with text of their own keep their own undo. */
export function useKeys({ undo, redo, save }: Keys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const isOwn = event.target instanceof Element && event.target.closest('[data-own-undo]') !== null;
      if (key === 's') save();
      else if (isOwn) return;
      else if (key === 'z') (event.shiftKey ? redo : undo)();
      else if (key === 'y') redo();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [undo, redo, save]);
}
