import {
  DISPLAY_NAME_MAX_LENGTH,
  EMAIL_MAX_LENGTH,
  NOTE_MAX_LENGTH,
  PASSWORD_MAX_LENGTH,
  ROLE_DESCRIPTION_MAX_LENGTH,
  ROLE_NAME_MAX_LENGTH,
  USER_NAME_MAX_LENGTH,
} from '@latchkey/auth-models/lists';
import type { Texts } from '../texts';

export const problems: Texts['problems'] = {
  noResponse: 'Der Server ist nicht erreichbar. Prüfen Sie die Verbindung und versuchen Sie es erneut.',
  unexpected:
    'In der Konsole ist ein Fehler aufgetreten. Laden Sie die Seite neu und versuchen Sie es erneut.',
  unknownResponse: (status) =>
    `Die Antwort stammt nicht von Latchkey (Status ${status}). Prüfen Sie die vorgeschalteten Proxys.`,
  headings: {
    forbidden: 'Keine Berechtigung',
    offline: 'Keine Verbindung',
    notFound: 'Nicht gefunden',
    error: 'Laden fehlgeschlagen',
  },
  outOfDate: 'Die angezeigten Daten sind möglicherweise veraltet.',
  why: 'Warum wurde das abgelehnt?',
  codes: {
    malformed_request: 'Der Server konnte die Anfrage nicht lesen.',
    invalid_parameter: 'Ein Parameter ist unbekannt oder hat einen ungültigen Wert.',
    unauthenticated: 'Sie sind nicht mehr angemeldet.',
    token_expired: 'Das Token ist abgelaufen.',
    token_disabled: 'Das Token ist deaktiviert.',
    token_revoked: 'Das Token wurde widerrufen.',
    user_disabled: 'Der Benutzer dieses Tokens ist deaktiviert.',
    set_up_refused:
      'Der Einrichtungslink wurde schon verwendet, ist abgelaufen oder unbekannt. Bitten Sie die Administration um einen neuen.',
    offer_claimed: 'Das Token wurde schon erstellt.',
    offer_expired: 'Das Angebot ist abgelaufen. Bitten Sie um ein neues.',
    offer_limit: 'Die Höchstzahl an offenen Angeboten ist erreicht.',
    offer_lapsed: 'Der Genehmigende darf dieses Token nicht mehr erstellen. Bitten Sie um ein neues Angebot.',
    forbidden: 'Ihnen fehlt die Berechtigung dafür.',
    above_your_permissions: 'Dafür fehlt Ihnen eine Berechtigung oder Rolle.',
    token_superseded:
      'Mit dem alten Geheimnis sind nur Lesen und Widerrufen erlaubt. Verwenden Sie das neue Geheimnis.',
    not_found: 'Nicht gefunden, oder Ihnen fehlt die Berechtigung dafür.',
    request_timeout: 'Die Anfrage kam nicht rechtzeitig an.',
    conflict: 'Im aktuellen Zustand ist das nicht möglich.',
    name_taken: 'Dieser Name ist vergeben oder einem vorhandenen zu ähnlich.',
    role_built_in: 'Eingebaute Rollen können weder geändert noch gelöscht werden.',
    role_in_use: 'Diese Rolle ist noch Benutzern zugewiesen.',
    api_built_in: 'APIs, die Teil von Latchkey sind, können weder geändert noch gelöscht werden.',
    api_limit: 'Die Höchstzahl an APIs ist erreicht.',
    permission_in_use: 'Rollen oder Token verwenden eine Berechtigung, die gelöscht würde.',
    insufficient_scope: 'Das Token hat nicht alle erforderlichen Berechtigungen und Rollen.',
    last_administrator: 'Mindestens ein Administrator muss erhalten bleiben.',
    token_limit: 'Der Benutzer hat bereits die Höchstzahl an API-Token.',
    count_grown:
      'Inzwischen sind mehr Einträge betroffen als in der Vorschau. Prüfen Sie die Auswahl erneut.',
    precondition_failed: 'Der Eintrag wurde inzwischen geändert.',
    payload_too_large: 'Die Anfrage ist zu groß.',
    validation_failed: 'Die Angaben sind ungültig.',
    current_password_wrong: 'Das aktuelle Passwort ist falsch.',
    throttled: 'Zu viele Versuche. Warten Sie einen Moment.',
    overloaded: 'Der Server ist ausgelastet. Warten Sie einen Moment.',
    unavailable: 'Der Server ist vorübergehend nicht verfügbar. Versuchen Sie es erneut.',
    internal_error: 'Im Server ist ein Fehler aufgetreten.',
  },
};

export const fields: Texts['fields'] = {
  rules: {
    required: 'Dieses Feld ist erforderlich.',
    missing: 'Dieses Feld ist erforderlich.',
    mismatch: 'Die Passwörter stimmen nicht überein.',
    isUserName: `1 bis ${USER_NAME_MAX_LENGTH} Buchstaben oder Ziffern einer Schrift, nach dem ersten Zeichen auch . _ - @ +. „me“ und „bulk“ sind reserviert.`,
    hasAllowedCharacters:
      'Verwenden Sie gewöhnliche Buchstaben. Eines dieser Zeichen ist in Namen nicht zulässig, weil es mit einem anderen Buchstaben verwechselt werden kann.',
    isEmail: 'Geben Sie eine vollständige E-Mail-Adresse ein.',
    isPassword: `Höchstens ${PASSWORD_MAX_LENGTH} Zeichen, keine Steuerzeichen.`,
    isInstant: 'Geben Sie Datum und Uhrzeit ein.',
    isSingleLine: 'Nur eine Zeile, ohne Steuerzeichen und unsichtbare Zeichen.',
    current_password_wrong: 'Das aktuelle Passwort ist falsch.',
    password_too_common:
      'Dieses oder ein ähnliches Passwort probieren Angreifer zuerst. Verwenden Sie mehrere Wörter, die nichts miteinander zu tun haben.',
    password_too_predictable:
      'Namen, Wiederholungen und Folgen sind leicht zu erraten. Verwenden Sie mehrere Wörter, die weder miteinander noch mit der Person zu tun haben.',
    'displayName.maxLength': `Höchstens ${DISPLAY_NAME_MAX_LENGTH} Zeichen.`,
    'email.maxLength': `Höchstens ${EMAIL_MAX_LENGTH} Zeichen.`,
    'name.matches': `Höchstens ${ROLE_NAME_MAX_LENGTH} Kleinbuchstaben, Ziffern und Bindestriche, beginnend mit einem Buchstaben.`,
    isNetwork: 'Geben Sie IPv4- oder IPv6-Adressen und Netze ein, zum Beispiel 192.0.2.7 oder 2001:db8::/32.',
    isMetadata: 'Geben Sie ein JSON-Objekt von höchstens 2 KiB ein.',
    arrayUnique: 'Dieser Name steht schon in der Liste.',
    reserved_name: 'Diesen Namen verwendet Latchkey selbst. Wählen Sie einen anderen.',
    'description.maxLength': `Höchstens ${ROLE_DESCRIPTION_MAX_LENGTH} Zeichen.`,
    'note.maxLength': `Höchstens ${NOTE_MAX_LENGTH} Zeichen.`,
  },
  hostBits: (network) => `Das ist nicht der Anfang eines Netzes. Meinten Sie ${network}?`,
  tooShort: (minimum) => `Mindestens ${minimum} Zeichen.`,
  passwordHints: {
    wanted: (minimum) => `Mindestens ${minimum} Zeichen, am besten mehrere Wörter.`,
    soFar: (length) => `Bisher ${length}.`,
  },
};
