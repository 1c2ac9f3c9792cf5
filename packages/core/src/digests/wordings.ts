/** A text for each plural form that its language tells apart; `#` is the number. */
export type CountedText = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** What Carillon itself says in a message that tells of several notifications. */
export interface DigestWording {
  /** How many came while the reader was away. */
  title: CountedText;
  /** How many more there are than the message names. */
  more: CountedText;
}

/**
 * By BCP 47 tag. `one` of a title is there for languages whose "one" also means 21 or 101; a text without `#`
 * says the number as a word. A script or a country stands here only where its language alone would be read wrong.
 */
export const digestWordings: Readonly<Record<string, DigestWording>> = {
  en: {
    title: {
      one: '# notification while you were away',
      other: '# notifications while you were away',
    },
    more: { other: 'and # more.' },
  },
  de: {
    title: {
      one: '# Benachrichtigung während Ihrer Abwesenheit',
      other: '# Benachrichtigungen während Ihrer Abwesenheit',
    },
    more: { other: 'und # weitere.' },
  },
  fr: {
    title: {
      one: '# notification pendant votre absence',
      other: '# notifications pendant votre absence',
    },
    more: { one: 'et # autre.', other: 'et # autres.' },
  },
  es: {
    title: {
      one: '# notificación durante tu ausencia',
      other: '# notificaciones durante tu ausencia',
    },
    more: { other: 'y # más.' },
  },
  it: {
    title: {
      one: '# notifica durante la tua assenza',
      other: '# notifiche durante la tua assenza',
    },
    more: { one: 'e # altra.', other: 'e altre #.' },
  },
  pt: {
    title: {
      one: '# notificação durante a sua ausência',
      other: '# notificações durante a sua ausência',
    },
    more: { other: 'e mais #.' },
  },
  nl: {
    title: {
      one: '# melding terwijl je weg was',
      other: '# meldingen terwijl je weg was',
    },
    more: { other: 'en nog #.' },
  },
  pl: {
    title: {
      one: '# powiadomienie podczas Twojej nieobecności',
      few: '# powiadomienia podczas Twojej nieobecności',
      many: '# powiadomień podczas Twojej nieobecności',
      other: '# powiadomienia podczas Twojej nieobecności',
    },
    more: { other: 'i jeszcze #.' },
  },
  cs: {
    title: { other: '# oznámení během vaší nepřítomnosti' },
    more: { one: 'a # další.', few: 'a # další.', other: 'a # dalších.' },
  },
  sv: {
    title: {
      one: '# avisering medan du var borta',
      other: '# aviseringar medan du var borta',
    },
    more: { other: 'och # till.' },
  },
  da: {
    title: {
      one: '# notifikation, mens du var væk',
      other: '# notifikationer, mens du var væk',
    },
    more: { other: 'og # til.' },
  },
  nb: {
    title: {
      one: '# varsel mens du var borte',
      other: '# varsler mens du var borte',
    },
    more: { other: 'og # til.' },
  },
  fi: {
    title: {
      one: '# ilmoitus poissa ollessasi',
      other: '# ilmoitusta poissa ollessasi',
    },
    more: { one: 'ja # muu.', other: 'ja # muuta.' },
  },
  ja: {
    title: { other: '不在中の通知が#件あります' },
    more: { other: 'ほか#件。' },
  },
  zh: {
    title: { other: '您离开期间有 # 条通知' },
    more: { other: '还有 # 条。' },
  },
  'zh-Hant': {
    title: { other: '您離開期間有 # 則通知' },
    more: { other: '還有 # 則。' },
  },
  ko: {
    title: { other: '자리를 비운 사이 알림 #개' },
    more: { other: '그 외 #개.' },
  },
  tr: {
    title: { other: 'Siz yokken # bildirim geldi' },
    more: { other: 've # tane daha.' },
  },
  uk: {
    title: {
      one: '# сповіщення за вашої відсутності',
      few: '# сповіщення за вашої відсутності',
      many: '# сповіщень за вашої відсутності',
      other: '# сповіщення за вашої відсутності',
    },
    more: { other: 'і ще #.' },
  },
  ru: {
    title: {
      one: '# уведомление за время вашего отсутствия',
      few: '# уведомления за время вашего отсутствия',
      many: '# уведомлений за время вашего отсутствия',
      other: '# уведомления за время вашего отсутствия',
    },
    more: { other: 'и ещё #.' },
  },
  ar: {
    title: {
      zero: '# إشعار أثناء غيابك',
      one: 'إشعار واحد أثناء غيابك',
      two: 'إشعاران أثناء غيابك',
      few: '# إشعارات أثناء غيابك',
      many: '# إشعارًا أثناء غيابك',
      other: '# إشعار أثناء غيابك',
    },
    more: { one: 'وواحد آخر.', two: 'واثنان آخران.', other: 'و# أخرى.' },
  },
  he: {
    title: {
      one: 'התראה אחת בזמן שלא היית כאן',
      two: 'שתי התראות בזמן שלא היית כאן',
      other: '# התראות בזמן שלא היית כאן',
    },
    more: { one: 'ועוד אחת.', other: 'ועוד #.' },
  },
};

/** Tags that are read by the wording of another: older names, and countries that write another script. */
export const digestAliases: Readonly<Record<string, string>> = {
  no: 'nb',
  iw: 'he',
  'zh-TW': 'zh-Hant',
  'zh-HK': 'zh-Hant',
  'zh-MO': 'zh-Hant',
};
