// The signs of the builder.
import { sign } from './icons';

export const UpSign = sign(<path d="M10 16V4M5 9l5-5 5 5" />);
export const DownSign = sign(<path d="M10 4v12M5 11l5 5 5-5" />);
export const CopySign = sign(<path d="M7 7h9v9H7zM4 13V4h9" />);
export const EyeSign = sign(
  <>
    <path d="M2.5 10c1.8-3.3 4.300-5 7.500-5s5.700 1.700 7.500 5c-1.800 3.300-4.300 5-7.500 5s-5.700-1.700-7.500-5z" />
    <circle cx="10" cy="10" r="2.200" />
  </>,
);
export const EyeOffSign = sign(<path d="M3 3l14 14M8 5.300A8 8 0 0 1 10 5c3.200 0 5.700 1.700 7.500 5a13 13 0 0 1-2 2.700M5 7a13 13 0 0 0-2.500 3c1.800 3.300 4.300 5 7.500 5a8 8 0 0 0 3.500-.800" />);
export const MoreSign = sign(<path d="M5 10h.01M10 10h.01M15 10h.01" strokeWidth={2.600} />);
export const TrashSign = sign(<path d="M4 6h12M8 6V4h4v2M6 6l.600 10h6.800L14 6M8.500 9v4.500M11.500 9v4.500" />);
export const UndoSign = sign(<path d="M7 5L3.500 8.500 7 12M3.500 8.500H12a4 4 0 0 1 0 8H9" />);
export const RedoSign = sign(<path d="M13 5l3.500 3.500L13 12M16.500 8.500H8a4 4 0 0 0 0 8h3" />);
export const SpreadSign = sign(<path d="M3 16h14M5 16v-4M8.300 16V7M11.700 16V4M15 16v-6" />);
export const CloseSign = sign(<path d="M5 5l10 10M15 5L5 15" />);
export const GroupSign = sign(<path d="M7 4H4v12h3M13 4h3v12h-3" />);
export const TurnSign = sign(<path d="M4 8h10l-3-3M16 12H6l3 3" />);
