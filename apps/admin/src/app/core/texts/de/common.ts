import type { Texts } from '../texts';

export const common: Texts['common'] = {
  cancel: 'Abbrechen',
  close: 'Schließen',
  typeToConfirm: (text) => `Zur Bestätigung ${text} eintippen`,
  done: 'Fertig',
  save: 'Speichern',
  saving: 'Wird gespeichert …',
  undo: 'Rückgängig',
  retry: 'Erneut versuchen',
  tryAgainIn: (clock) => `Erneut in ${clock}`,
  copy: 'Kopieren',
  copied: 'Kopiert',
  notCopied: 'Der Browser erlaubt das Kopieren nicht. Markieren Sie den Text und kopieren Sie ihn von Hand.',
  more: 'Weitere Aktionen',
  loading: 'Wird geladen',
  never: 'nie',
  none: 'keine',
  justNow: 'gerade eben',
  trace: 'Kennung',
  merge: {
    heading: 'Jemand anderes hat das inzwischen geändert',
    text: 'Beide haben geändert, was hier steht. Wählen Sie, was bleiben soll; alles Übrige bleibt erhalten.',
    mine: 'Ihres',
    theirs: 'Das andere',
  },
  product: {
    starting: 'Latchkey startet',
    unreachable: 'Latchkey antwortet nicht',
    claim: ['Ein Schlüssel für alles,', 'was Sie betreiben.'].join('\n'),
  },
  notFound: {
    heading: 'Hier ist nichts',
    text: 'Die Adresse stimmt nicht, oder sie führt zu etwas, das Sie nicht sehen dürfen.',
    action: 'Zur ersten Seite',
  },
  password: {
    show: 'Passwort anzeigen',
    hide: 'Passwort verbergen',
    label: 'Passwort',
    again: 'Passwort wiederholen',
  },
  leaveUnsaved: {
    heading: 'Ohne Speichern verlassen?',
    text: 'Was Sie auf dieser Seite geändert haben, geht verloren.',
    action: 'Verlassen',
  },
};
