/** Texts that break layouts: long German, Arabic, many emoji, one endless word. */
export const texts = {
  german:
    'Straßenbahnhaltestellenverwaltungsgesellschaft Friedrichshain-Kreuzberg: Öffnungszeitenänderungsbekanntmachung für die Nachbarschaftsversammlung',
  arabic: 'ساحة المدينة القديمة: موعدنا مساء الجمعة بعد صلاة المغرب، ومن أراد أن يأتي فليكتب هنا (17:30)',
  emoji: '👩🏽‍🌾🌻 Gartentag 🥕🥬🍓 um 9️⃣ Uhr 🇩🇪🇵🇸🏳️‍🌈 bringt 🧤🧤 mit ❤️‍🔥👨‍👩‍👧‍👦',
  endless: 'npub1q9wertyuiopasdfghjklzxcvbnm0123456789qwertyuiopasdfghjklzxcvbnm0123456789qwertyuiop',
} as const;

/** 64 hex digits from a small number, as a key to draw arms from. */
export function key(number: number): string {
  return (number * 2654435761).toString(16).padStart(16, '0').repeat(4).slice(0, 64);
}
