# Has the program write a manual page for each of its commands, and the completion for shells:
#   cmake -D GLASSBOX=PROGRAM -D FOLDER=FOLDER -P pages.cmake
# makes FOLDER/man1, FOLDER/bash-completion/completions and FOLDER/zsh/site-functions, and nothing else below FOLDER.

file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER}/man1 ${FOLDER}/bash-completion/completions ${FOLDER}/zsh/site-functions)

function(written file)
  execute_process(COMMAND ${GLASSBOX} ${ARGN} OUTPUT_FILE ${FOLDER}/${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

execute_process(COMMAND ${GLASSBOX} help --list OUTPUT_VARIABLE commands COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" commands "${commands}")
foreach(command IN LISTS commands)
  written(man1/glassbox-${command}.1 help --man ${command})
endforeach()
written(man1/glassbox.1 help --man)
written(bash-completion/completions/glassbox completion bash)
written(zsh/site-functions/_glassbox completion zsh)
