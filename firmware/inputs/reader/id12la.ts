/*
 * ID-3LA, ID-12LA, ID-20LA in their ASCII format.
 *
 * Input and output: those of rdm6300, whose driver knows the CR LF that stands before their last byte.
 * Invariant: the name exists so that a configuration says what is wired.
 */
export { driver } from "./rdm6300";
