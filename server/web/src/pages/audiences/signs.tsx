// Signs that only this page uses.
import { sign } from '../../parts/icons';

export const CrossSign = sign(<path d="M5 5l10 10M15 5L5 15" />);
export const UploadSign = sign(<path d="M10 13V3.5M6 7l4-4 4 4M3.5 12.5v3a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-3" />);
export const DownloadSign = sign(<path d="M10 3.5V13M6 9.5l4 4 4-4M3.5 12.5v3a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-3" />);
export const ListSign = sign(<path d="M5 3h7l3 3v11H5zM8 10h4M8 13h4" />);
export const FreezeSign = sign(
  <>
    <path d="M3 6.5h3l1.3-2h5.4l1.3 2h3V16H3z" />
    <circle cx="10" cy="11" r="2.8" />
  </>,
);
export const UpSign = sign(<path d="M5 12l5-5 5 5" />);
export const DownSign = sign(<path d="M5 8l5 5 5-5" />);
export const DotsSign = sign(<path d="M4.5 10h.1M10 10h.1M15.5 10h.1" />);
