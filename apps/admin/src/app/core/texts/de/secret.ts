import type { Texts } from '../texts';

export const secret: Texts['secret'] = {
  once: 'Kopieren Sie das Geheimnis jetzt. Es wird nur einmal angezeigt.',
  forms: 'Formate des Geheimnisses',
  labels: { token: 'Token', header: 'X-Auth-Token', curl: 'curl', env: '.env' },
  hints: {
    token: 'Nur das Token. Clients kombinieren es mit dem Benutzernamen.',
    header: 'Der vollständige Wert des Headers X-Auth-Token.',
    curl: 'Eine Testanfrage. Sie gibt den Benutzer zurück, wenn das Token funktioniert.',
    env: 'Für eine Datei, die nur der Dienst lesen kann.',
  },
  copy: {
    token: 'Token kopieren',
    header: 'Wert kopieren',
    curl: 'Befehl kopieren',
    env: 'Zeilen kopieren',
  },
  leave: {
    heading: 'Ohne Kopieren verlassen?',
    text: 'Das Geheimnis wird nur einmal angezeigt. Geht es verloren, müssen Sie das Token erneuern.',
    webhook: 'Das Geheimnis wird nur einmal angezeigt. Geht es verloren, müssen Sie es erneuern.',
    link: 'Der Link wird nur einmal angezeigt. Wenn er verloren geht, widerrufen Sie das Angebot und erstellen Sie ein neues.',
    action: 'Verlassen',
  },
};
