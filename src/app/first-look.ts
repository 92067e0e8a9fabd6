/** Where a newcomer's map opens: the part of the world whose clock they live by. Nobody is asked where they are. */
import type { MapLook } from '#features/map/index.ts';

export interface ClockZone {
  /** An IANA name, such as “Europe/Berlin”. */
  readonly zone: string;
  /** Standard time's minutes east of Greenwich. */
  readonly minutes: number;
}

/** Where most people of a zone's family live. America is told north from south by its long list of southern zones. */
const LATITUDES: Readonly<Record<string, number>> = {
  Africa: 8,
  America: 38,
  Antarctica: -40,
  Arctic: 65,
  Asia: 28,
  Atlantic: 40,
  Australia: -30,
  Europe: 49,
  Indian: -10,
  Pacific: -25,
};
const SOUTHERN =
  /America\/(Argentina|Sao_Paulo|Bahia|Buenos_Aires|Santiago|Lima|La_Paz|Bogota|Caracas|Asuncion|Montevideo|Guayaquil|Manaus|Fortaleza|Recife|Belem|Campo_Grande|Cuiaba)/u;
const SOUTHERN_LATITUDE = -18;
/** Clocks east of the sun: much of western Europe's people live west of what their offset says. */
const EUROPE_LONGITUDE = 8;
const MINUTES_A_DEGREE = 4;

/** A look for that clock; the zone's family says how far north. Unknown families are shown at Europe's height. */
export const firstLook = ({ zone, minutes }: ClockZone, zoom: number): MapLook => {
  const family = zone.split('/')[0] ?? '';
  if (family === 'Europe' && minutes <= 120) return { lat: 49, lon: EUROPE_LONGITUDE, zoom };
  const lat = SOUTHERN.test(zone) ? SOUTHERN_LATITUDE : (LATITUDES[family] ?? 49);
  return { lat, lon: minutes / MINUTES_A_DEGREE, zoom };
};

/** Where the zone's name is kept between starts: asking a browser for it costs a phone a tenth of a second, before its first picture. */
export type ZoneMemory = Pick<Storage, 'getItem' | 'setItem'>;
const KEPT = 'clock zone';

/** The clock of this device, as its browser tells every page. `year` picks the year whose offsets are compared. */
export const ownClock = (year: number, memory: ZoneMemory): ClockZone => {
  const offsets = [0, 6].map((month) => -new Date(year, month, 1).getTimezoneOffset());
  return { zone: zoneOf(offsets.join(' '), memory), minutes: Math.min(...offsets) };
};

/** Asked for again when the clock's offsets are others. */
const zoneOf = (offsets: string, memory: ZoneMemory): string => {
  const [known, zone] = memory.getItem(KEPT)?.split('|') ?? [];
  if (known === offsets && zone) return zone;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  memory.setItem(KEPT, `${offsets}|${timeZone}`);
  return timeZone;
};
