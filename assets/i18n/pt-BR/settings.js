// Words.
export default {};
