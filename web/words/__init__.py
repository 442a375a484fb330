"""What is written on pages: labels, formats, sentences, names of people and institutions."""
