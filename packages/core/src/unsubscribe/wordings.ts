/** What Carillon says where somebody switches off what is sent to them. `#` is the name of the category. */
export interface UnsubscribeWording {
  /** The link in a message. */
  link: string;
  /** Asks before anything is changed. */
  ask: string;
  askAll: string;
  /** The button that does it. */
  confirm: string;
  /** It is done, or was before. */
  off: string;
  offAll: string;
  /** The button that takes it back. */
  undo: string;
  on: string;
  onAll: string;
  /** What cannot be switched off. */
  mandatory: string;
  /** What else stays as it is. */
  others: string;
  gone: string;
  goneHint: string;
}

/** By BCP 47 tag. */
export const unsubscribeWordings: Readonly<Record<string, UnsubscribeWording>> = {
  en: {
    link: 'Unsubscribe',
    ask: 'Stop e-mails about “#”?',
    askAll: 'Stop all e-mails that are not required?',
    confirm: 'Stop these e-mails',
    off: 'You no longer get e-mails about “#”.',
    offAll: 'You no longer get e-mails, except those that are required.',
    undo: 'Send them again',
    on: 'You get e-mails about “#” again.',
    onAll: 'You get e-mails again.',
    mandatory: 'E-mails about “#” are required. They cannot be switched off.',
    others: 'Other ways of notifying you, and e-mails about other things, stay as they are.',
    gone: 'This link does not work.',
    goneHint: 'Perhaps it was cut off when it was copied. Use the link in a newer e-mail.',
  },
  de: {
    link: 'Abbestellen',
    ask: 'E-Mails zu „#“ abbestellen?',
    askAll: 'Alle E-Mails abbestellen, die nicht vorgeschrieben sind?',
    confirm: 'Diese E-Mails abbestellen',
    off: 'Sie erhalten keine E-Mails mehr zu „#“.',
    offAll: 'Sie erhalten keine E-Mails mehr, außer denen, die vorgeschrieben sind.',
    undo: 'Wieder zusenden',
    on: 'Sie erhalten wieder E-Mails zu „#“.',
    onAll: 'Sie erhalten wieder E-Mails.',
    mandatory: 'E-Mails zu „#“ sind vorgeschrieben. Sie lassen sich nicht abbestellen.',
    others: 'Andere Wege der Benachrichtigung und E-Mails zu anderen Themen bleiben, wie sie sind.',
    gone: 'Dieser Link funktioniert nicht.',
    goneHint: 'Vielleicht wurde er beim Kopieren abgeschnitten. Nutzen Sie den Link in einer neueren E-Mail.',
  },
  fr: {
    link: 'Se désabonner',
    ask: 'Ne plus recevoir d’e-mails sur « # » ?',
    askAll: 'Ne plus recevoir d’e-mails, sauf ceux qui sont obligatoires ?',
    confirm: 'Ne plus recevoir ces e-mails',
    off: 'Vous ne recevez plus d’e-mails sur « # ».',
    offAll: 'Vous ne recevez plus d’e-mails, sauf ceux qui sont obligatoires.',
    undo: 'Les recevoir de nouveau',
    on: 'Vous recevez de nouveau les e-mails sur « # ».',
    onAll: 'Vous recevez de nouveau les e-mails.',
    mandatory: 'Les e-mails sur « # » sont obligatoires. Ils ne peuvent pas être désactivés.',
    others: 'Les autres moyens de vous avertir et les e-mails sur d’autres sujets restent inchangés.',
    gone: 'Ce lien ne fonctionne pas.',
    goneHint: 'Il a peut-être été coupé lors de la copie. Utilisez le lien d’un e-mail plus récent.',
  },
  es: {
    link: 'Darse de baja',
    ask: '¿Dejar de recibir correos sobre «#»?',
    askAll: '¿Dejar de recibir todos los correos que no son obligatorios?',
    confirm: 'Dejar de recibir estos correos',
    off: 'Ya no recibes correos sobre «#».',
    offAll: 'Ya no recibes correos, salvo los obligatorios.',
    undo: 'Volver a recibirlos',
    on: 'Vuelves a recibir correos sobre «#».',
    onAll: 'Vuelves a recibir correos.',
    mandatory: 'Los correos sobre «#» son obligatorios. No se pueden desactivar.',
    others: 'Las demás formas de avisarte y los correos sobre otros temas no cambian.',
    gone: 'Este enlace no funciona.',
    goneHint: 'Quizá se cortó al copiarlo. Usa el enlace de un correo más reciente.',
  },
  it: {
    link: 'Annulla iscrizione',
    ask: 'Non ricevere più e-mail su «#»?',
    askAll: 'Non ricevere più e-mail, tranne quelle obbligatorie?',
    confirm: 'Non ricevere più queste e-mail',
    off: 'Non ricevi più e-mail su «#».',
    offAll: 'Non ricevi più e-mail, tranne quelle obbligatorie.',
    undo: 'Ricevile di nuovo',
    on: 'Ricevi di nuovo le e-mail su «#».',
    onAll: 'Ricevi di nuovo le e-mail.',
    mandatory: 'Le e-mail su «#» sono obbligatorie. Non si possono disattivare.',
    others: 'Gli altri modi di avvisarti e le e-mail su altri temi restano invariati.',
    gone: 'Questo link non funziona.',
    goneHint: 'Forse è stato tagliato durante la copia. Usa il link di un’e-mail più recente.',
  },
  pt: {
    link: 'Cancelar subscrição',
    ask: 'Deixar de receber e-mails sobre “#”?',
    askAll: 'Deixar de receber todos os e-mails que não são obrigatórios?',
    confirm: 'Deixar de receber estes e-mails',
    off: 'Já não recebe e-mails sobre “#”.',
    offAll: 'Já não recebe e-mails, exceto os obrigatórios.',
    undo: 'Voltar a receber',
    on: 'Volta a receber e-mails sobre “#”.',
    onAll: 'Volta a receber e-mails.',
    mandatory: 'Os e-mails sobre “#” são obrigatórios. Não podem ser desativados.',
    others: 'As outras formas de o avisar e os e-mails sobre outros temas não mudam.',
    gone: 'Esta ligação não funciona.',
    goneHint: 'Talvez tenha sido cortada ao ser copiada. Use a ligação de um e-mail mais recente.',
  },
  nl: {
    link: 'Afmelden',
    ask: 'Geen e-mails meer over “#”?',
    askAll: 'Geen e-mails meer, behalve die verplicht zijn?',
    confirm: 'Deze e-mails stoppen',
    off: 'U krijgt geen e-mails meer over “#”.',
    offAll: 'U krijgt geen e-mails meer, behalve die verplicht zijn.',
    undo: 'Weer toesturen',
    on: 'U krijgt weer e-mails over “#”.',
    onAll: 'U krijgt weer e-mails.',
    mandatory: 'E-mails over “#” zijn verplicht. Ze kunnen niet worden uitgezet.',
    others: 'Andere manieren om u te bereiken en e-mails over andere onderwerpen blijven zoals ze zijn.',
    gone: 'Deze link werkt niet.',
    goneHint: 'Misschien is hij bij het kopiëren afgekapt. Gebruik de link in een nieuwere e-mail.',
  },
};
