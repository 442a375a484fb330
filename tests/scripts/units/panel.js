// The panel of properties without a browser: a component answers with its options, a service is what a test put there.
export const services = {};
export const useService = (name) => services[name];
export const TextFieldEntry = (options) => options;
export const CheckboxEntry = (options) => options;
export const SelectEntry = (options) => options;
export const Group = "Group";
export const isTextFieldEntryEdited = () => false;
export const isCheckboxEntryEdited = () => false;
export const isSelectEntryEdited = () => false;
