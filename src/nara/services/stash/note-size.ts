/** UTF-8 bytes of a note: even where every one is escaped (six characters), it fits one stash. */
export const maxNoteBytes = 8 * 1024;
