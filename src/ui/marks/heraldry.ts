/**
 * Arms from a seed: the same key draws the same arms on every device, for ever. Changing a table here changes faces
 * that people know, so only add at the end of nothing: the tables are part of the contract.
 */

/** Shapes of the second tincture on a 64 × 64 field; the empty path is a plain field with its charge alone. */
export const DIVISIONS = {
  plain: '',
  pale: 'M32 0H64V64H32Z',
  fess: 'M0 32H64V64H0Z',
  bend: 'M0 0V64H64Z',
  sinister: 'M64 0V64H0Z',
  chevron: 'M0 64V56L32 26L64 56V64Z',
  quarterly: 'M32 0H64V32H32ZM0 32H32V64H0Z',
  saltire: 'M0 0L32 32L64 0ZM0 64L32 32L64 64Z',
  paly: 'M11 0H21V64H11ZM32 0H43V64H32ZM53 0H64V64H53Z',
  barry: 'M0 11H64V21H0ZM0 32H64V43H0ZM0 53H64V64H0Z',
  wavy: 'M0 38Q8 30 16 38T32 38T48 38T64 38V64H0Z',
  gyronny: 'M32 32V0H64ZM32 32H64V64ZM32 32V64H0ZM32 32H0V0Z',
  chief: 'M0 0H64V21H0Z',
  bar: 'M0 22H64V42H0Z',
} as const;

/** Charges, drawn in the middle; the empty path leaves the field alone. */
export const CHARGES = {
  none: '',
  star: 'M32 17L36.4 27.2L47.4 28.2L39 35.5L41.5 46.3L32 40.6L22.5 46.3L25 35.5L16.6 28.2L27.6 27.2Z',
  roundel: 'M32 20A12 12 0 1 1 31.99 20Z',
  annulet: 'M32 18A14 14 0 1 1 31.99 18ZM32 25A7 7 0 1 0 32.01 25Z',
  lozenge: 'M32 15L45 32L32 49L19 32Z',
  crescent: 'M21 21A14 14 0 1 0 45 25A11 11 0 1 1 21 21Z',
  cross: 'M28 17H36V28H47V36H36V47H28V36H17V28H28Z',
  tower: 'M20 47V44H23V30H20V19H25V23H29.5V19H34.5V23H39V19H44V30H41V44H44V47H36V40A4 4 0 0 0 28 40V47Z',
  wave: 'M15 30Q20 22 26 30T37 30T49 28V36Q44 44 38 36T27 36T15 38Z',
  leaf: 'M32 15C44 24 44 38 33.5 43V50H30.5V43C20 38 20 24 32 15Z',
} as const;

type Division = keyof typeof DIVISIONS;
type Charge = keyof typeof CHARGES;

/** A colour and a metal, after heraldry's own rule of contrast: metal on colour, colour on metal. */
export interface Tinctures {
  readonly colour: string;
  readonly metal: string;
}

/**
 * One person's or one place's arms: `field` is the ground, `second` the ink of division and charge. Drawn as one path
 * with the even-odd rule, a charge over a division's edge is counterchanged, so it never vanishes into its ground.
 */
export interface Arms {
  readonly division: Division;
  readonly charge: Charge;
  readonly field: string;
  readonly second: string;
}

const GOLD = 'oklch(0.87 0.11 88)';
const SILVER = 'oklch(0.95 0.012 85)';
const ROSE = 'oklch(0.88 0.06 30)';
const SKY = 'oklch(0.89 0.05 225)';

/** Every pair differs from the others by its hue or its metal, and holds 4.5 : 1. */
export const TINCTURES: readonly Tinctures[] = [
  { colour: 'oklch(0.45 0.15 27)', metal: SILVER },
  { colour: 'oklch(0.43 0.14 27)', metal: GOLD },
  { colour: 'oklch(0.49 0.12 50)', metal: SILVER },
  { colour: 'oklch(0.43 0.08 75)', metal: GOLD },
  { colour: 'oklch(0.48 0.1 115)', metal: SILVER },
  { colour: 'oklch(0.44 0.1 145)', metal: GOLD },
  { colour: 'oklch(0.42 0.085 165)', metal: SILVER },
  { colour: 'oklch(0.45 0.075 195)', metal: GOLD },
  { colour: 'oklch(0.44 0.08 225)', metal: ROSE },
  { colour: 'oklch(0.42 0.13 255)', metal: SILVER },
  { colour: 'oklch(0.38 0.14 270)', metal: GOLD },
  { colour: 'oklch(0.44 0.15 295)', metal: SILVER },
  { colour: 'oklch(0.4 0.13 315)', metal: GOLD },
  { colour: 'oklch(0.44 0.14 345)', metal: SILVER },
  { colour: 'oklch(0.36 0.09 10)', metal: ROSE },
  { colour: 'oklch(0.3 0.03 260)', metal: GOLD },
  { colour: 'oklch(0.32 0.05 200)', metal: ROSE },
  { colour: 'oklch(0.34 0.1 280)', metal: SKY },
  { colour: 'oklch(0.4 0.06 50)', metal: SKY },
  { colour: 'oklch(0.33 0.03 85)', metal: SILVER },
];

const DIVISION_NAMES = Object.keys(DIVISIONS) as Division[];
const CHARGE_NAMES = Object.keys(CHARGES) as Charge[];
/** Busy fields stay without a charge: two patterns on 24 px are noise. */
const BUSY: ReadonlySet<Division> = new Set(['paly', 'barry', 'gyronny', 'saltire', 'quarterly']);

/** The arms of a seed (a hex public key, a group's address, any text). Total and deterministic. */
export function armsOf(seed: string): Arms {
  const draw = drawing(seed);
  const division = draw(DIVISION_NAMES);
  const { colour, metal } = draw(TINCTURES);
  const flipped = draw([true, false]);
  const charge = chargeFor(division, draw);
  const [field, second] = flipped ? [metal, colour] : [colour, metal];
  return { division, charge, field, second };
}

function chargeFor(division: Division, draw: <T>(from: readonly T[]) => T): Charge {
  if (BUSY.has(division)) return 'none';
  return draw(division === 'plain' ? CHARGE_NAMES.filter((name) => name !== 'none') : CHARGE_NAMES);
}

/** Division and charge as one path, for `fill-rule="evenodd"` on a 64 × 64 field. */
export function armsPath(arms: Arms): string {
  return DIVISIONS[arms.division] + CHARGES[arms.charge];
}

/** A stream of choices from a seed: FNV-1a in, xorshift-multiply out. Not a secret, only well mixed. */
function drawing(seed: string): <T>(from: readonly T[]) => T {
  let state = 0x811c9dc5;
  for (const letter of seed) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (from) => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    const at = ((mixed ^ (mixed >>> 16)) >>> 0) % from.length;
    const chosen = from[at];
    if (chosen === undefined) throw new RangeError('nothing to draw from');
    return chosen;
  };
}
